/** The fetch guard in runtimes without Node's built-ins, bundled as users bundle it: Cloudflare Workers, Edge Runtime. */
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { ROOT, sources } from "../support/bundle-sources.ts";
import { type DocumentServer, startDocumentServer } from "../support/document-server.ts";
import { APP_ID, RSA_KEYS } from "../support/token-kinds.ts";
import { describeWithTool } from "../support/tools.ts";

type Answer = { readonly status: number; readonly text: string };
/** Asks the worker for a path, with a bearer token or without. */
type Ask = (path: string, token?: string) => Promise<Answer>;

let network: TestNetwork;
let server: DocumentServer;
let token: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 2 });
	server = await startDocumentServer();
	const [airline, hotel] = network.organizations as [TestNetwork["organizations"][0], TestNetwork["organizations"][0]];
	token = await airline.minter({ audience: hotel.did }).mint();
});
afterAll(async () => {
	await network.close();
	await server.close();
});

async function bundle(): Promise<string> {
	const config = {
		chainId: network.chainId,
		rpcUrl: network.rpcUrl,
		registry: network.registry.address,
		audience: network.organizations[1]?.did,
		now: network.now(),
		appId: APP_ID,
	};
	const { outputFiles } = await build({
		entryPoints: [`${ROOT}test/support/edge-worker.js`],
		bundle: true,
		format: "iife",
		globalName: "worker",
		platform: "browser",
		conditions: ["workerd", "worker", "browser"],
		target: "es2022",
		define: { CONFIG: JSON.stringify(config) },
		absWorkingDir: ROOT,
		write: false,
		plugins: [sources],
	});
	return outputFiles[0]?.text as string;
}

function behavesAsInNode(start: () => Promise<{ ask: Ask; close: () => Promise<void> }>): void {
	let ask: Ask;
	let close: () => Promise<void>;
	beforeAll(async () => {
		({ ask, close } = await start());
	});
	afterAll(() => close());
	beforeEach(() => {
		server.serve("/there", '{"keys":[]}');
	});
	const redirect = (status: number, location = server.url("/there")): string =>
		encodeURIComponent(server.serve(`/redirect${status}`, "", { status, headers: { location } }));

	it("accepts a token, and rejects another or none", async () => {
		const { status, text } = await ask("/", token);
		expect([status, JSON.parse(text)]).toEqual([200, { issuer: network.organizations[0]?.did }]);
		expect((await ask("/", `${token.slice(0, -8)}AAAAAAAA`)).status).toBe(401);
		expect((await ask("/")).status).toBe(401);
	});

	it.each([301, 302, 303, 307, 308])(
		"a node that redirects with %d is an outage and isn't followed",
		async (status) => {
			const before = server.requests("/there");
			expect((await ask(`/?url=${redirect(status)}`, token)).status).toBe(503);
			expect(server.requests("/there")).toBe(before);
		},
	);

	it("fetches documents up to their limit, and follows no redirect", async () => {
		const fetchText = async (url: string): Promise<string> => (await ask(`/document?url=${url}`)).text;
		const before = server.requests("/there");
		expect(await fetchText(encodeURIComponent(server.serve("/org.json", "{}")))).toBe("2");
		expect(await fetchText(encodeURIComponent(server.serve("/big", "a".repeat(1_001))))).toBe("document/too-large");
		expect(await fetchText(redirect(302))).toBe("document/unreachable");
		expect(server.requests("/there")).toBe(before);
	});

	it("fetches JWK Sets, and follows no redirect", async () => {
		const before = server.requests("/there");
		const set = { keys: [{ ...exportPublicKey(RSA_KEYS.publicKey, "jwk"), kid: APP_ID }] };
		const url = encodeURIComponent(server.serve("/jwks.json", JSON.stringify(set)));
		expect((await ask(`/jwks?url=${url}`)).text).toBe("1");
		expect((await ask(`/jwks?url=${redirect(302)}`)).text).toBe("key/unreachable");
		expect(server.requests("/there")).toBe(before);
	});
}

for (const compatibilityDate of ["2024-01-01", "2026-07-01"]) {
	describeWithTool(`Workers of ${compatibilityDate}`, `${ROOT}node_modules/.bin/workerd`, ["--version"], () => {
		behavesAsInNode(async () => {
			const miniflare = new Miniflare({
				modules: true,
				script: `${await bundle()}\nexport default { fetch: worker.handle };`,
				compatibilityDate,
			});
			return {
				async ask(path, bearer) {
					const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
					const response = await miniflare.dispatchFetch(`http://worker.example${path}`, { headers });
					return { status: response.status, text: await response.text() };
				},
				close: () => miniflare.dispose(),
			};
		});
	});
}

/** Next.js's server adds functions of Node's that throw. */
const NEXT = `
	globalThis.setImmediate = () => { throw new Error("setImmediate is not supported in the Edge Runtime"); };
	globalThis.process = {
		env: {},
		get nextTick() { return () => { throw new Error("process.nextTick is not supported in the Edge Runtime"); }; },
	};
`;

describe.each([
	["Edge Runtime", ""],
	["Edge Runtime of Next.js", NEXT],
])("%s", (_name, globals) => {
	behavesAsInNode(async () => {
		const runtime = new EdgeVM({ initialCode: globals + (await bundle()) });
		return {
			async ask(path, bearer) {
				const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
				const request = JSON.stringify([`http://worker.example${path}`, { headers }]);
				const response: Response = await runtime.evaluate(`worker.handle(new Request(...${request}))`);
				return { status: response.status, text: await response.text() };
			},
			close: async () => undefined,
		};
	});
});
