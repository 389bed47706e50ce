/** An outage can be diagnosed from what the server logs; the client learns the code alone. */
import { inspect } from "node:util";
import { JsonRpcProvider } from "ethers";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { isValidSignature } from "../../src/tokens/orgid-account/erc1271.ts";
import {
	BUSY_HOSTS,
	type FailingHost,
	REFUSING_HOSTS,
	SECRET_PATH,
	tlsHosts,
	UNREACHABLE_HOSTS,
} from "../support/failing-hosts.ts";
import { type Answer, greet, startFakeNode } from "../support/fake-node.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { expectRefusal } from "../support/refusal.ts";
import { describeWithTool } from "../support/tools.ts";

const AUDIENCE = `did:orgid:31337:0x${"0b".repeat(32)}`;
const { privateKey: key } = await generateKeyPair();
const issuer = `did:orgid:31337:0x${"0a".repeat(32)}#webserver`;
const token = await createOrgIdMinter({ key, issuer, audience: AUDIENCE }).mint();

/** What a server logs if its node is at the URL, and what its client gets. */
async function deniedAt(rpcUrl: string): Promise<{ logged: OrgpassError; body: string; status: number }> {
	const networks = [{ chainId: 31_337, rpcUrl, registry: `0x${"11".repeat(20)}` as const }];
	const resolver = createOrgIdResolver({ networks });
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
	const decision = await createBearer({ verifier })(`Bearer ${token}`);
	resolver.close();
	if (decision.granted) expect.fail("granted");
	return { logged: decision.cause as OrgpassError, body: decision.body, status: decision.status };
}

async function expectDiagnosis({ start, says, details }: FailingHost): Promise<void> {
	const { url, host, close } = await start();
	const { logged, body, status } = await deniedAt(url.replace("://", "://user:hunter2@"));
	await close();
	expect(status).toBe(503);
	expect(JSON.parse(body)).toMatchObject({ status: 503, code: "registry/unreachable" });
	expect(logged.code).toBe("registry/unreachable");
	expect(logged.message).toMatch(says);
	expect(logged.message).toContain(`the RPC node "${host}" `);
	expect(logged.details).toEqual({ host, ...details });
	expect(logged.cause).toBeInstanceOf(Error);
	expect(inspect(logged, { depth: 9 })).not.toMatch(/secret|hunter2/);
}

describe("a node that fails", () => {
	it.each([...UNREACHABLE_HOSTS, ...BUSY_HOSTS, ...REFUSING_HOSTS])(
		"T59: $name: the log names host, status or errno, and cause, but no key of the URL",
		expectDiagnosis,
	);

	it.each<[string, Answer, RegExp, object]>([
		["its rate limit", { error: { code: -32_005, message: "slow down" } }, /limits the rate/, { rpcCode: -32_005 }],
		["429 as a JSON-RPC code", { error: { code: 429, message: "slow" } }, /limits the rate/, { rpcCode: 429 }],
		["an error", { error: { code: -32_603, message: "secret" } }, /returned an error/, { rpcCode: -32_603 }],
		["a missing method", { error: { code: -32_601, message: "no" } }, /returned an error/, { rpcCode: -32_601 }],
	])("that answers the first call with %s: the log has the JSON-RPC code", async (_what, answer, says, details) => {
		for (const failing of ["eth_chainId", "eth_getCode", "eth_call"]) {
			const node = await startFakeNode((method) => (method === failing ? answer : (greet(method) as Answer)));
			const { logged, status } = await deniedAt(`${node.url}${SECRET_PATH}`);
			await node.close();
			expect(status).toBe(503);
			expect(logged.message).toMatch(says);
			expect(logged.message).not.toContain("secret");
			// While the node rests, the log says for how long.
			const { retryAfterSeconds, ...others } = logged.details;
			expect(retryAfterSeconds ?? 1).toBeGreaterThan(0);
			expect(others).toEqual({ host: new URL(node.url).host, ...details });
		}
	});

	it("that never answers: the log names it, before the time limit of the verification", async () => {
		const node = await startFakeNode(() => ({ hang: true }));
		let denied: Awaited<ReturnType<typeof deniedAt>> | undefined;
		const verifying = deniedAt(`${node.url}${SECRET_PATH}`).then((result) => {
			denied = result;
		});
		for (let timeouts = 0; timeouts < 2; timeouts++) {
			await until(() => isWaiting(5_000));
			await pass(5_000);
		}
		await verifying;
		await node.close();
		const { host } = new URL(node.url);
		expect(denied?.logged).toMatchObject({ code: "registry/unreachable", details: { host } });
		expect(denied?.logged.message).toBe(`the RPC node "${host}" did not respond in time`);
	});

	it.each(REFUSING_HOSTS.filter(({ details }) => "status" in details && details["status"] !== 307))(
		"and is asked by a provider of ethers: $name: the log has no key of the URL either",
		async ({ start, says, details }) => {
			const { url, host, close } = await start();
			const provider = new JsonRpcProvider(url, 31_337, { staticNetwork: true });
			const address = `0x${"11".repeat(20)}` as const;
			const registry = createRegistry({ chainId: 31_337, provider, address });
			const asked = [
				() => registry.read(`0x${"0a".repeat(32)}`),
				() => isValidSignature(provider, address, new Uint8Array(32), new Uint8Array(65)),
			];
			for (const ask of asked) {
				const error = await expectRefusal(ask, "registry/unreachable");
				expect(error.message).toMatch(says);
				expect(error.details).toEqual({ host, ...details });
				expect(inspect(error, { depth: 9 })).not.toContain("secret");
			}
			provider.destroy();
			await close();
		},
	);

	it("because it serves another chain: the log names host and chains", async () => {
		const node = await startFakeNode((method) =>
			method === "eth_chainId" ? { result: "0x1" } : (greet(method) as Answer),
		);
		const { logged } = await deniedAt(`${node.url}${SECRET_PATH}`);
		await node.close();
		const { host } = new URL(node.url);
		expect(logged.message).toBe(`expected a node of chain 31337, got one of 1 at "${host}"`);
		expect(logged.details).toEqual({ host, expected: 31_337, actual: 1 });
	});
});

describeWithTool("a node over TLS", "openssl", ["version"], (run) => {
	it.each(tlsHosts(run))("with $name: the log says so", expectDiagnosis);
});

it("a resolver that throws: the log has what it threw", async () => {
	const thrown = new Error("the database is down");
	const resolver = { resolve: () => Promise.reject(thrown) };
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
	const decision = await createBearer({ verifier })(`Bearer ${token}`);
	expect(decision).toMatchObject({ status: 503, cause: { code: "did/resolution", cause: thrown } });
});

it("a published resolution result contains no cause", async () => {
	const networks = [{ chainId: 31_337, rpcUrl: "http://127.0.0.1:1", registry: `0x${"11".repeat(20)}` as const }];
	const resolver = createOrgIdResolver({ networks });
	const { didResolutionMetadata } = await resolver.resolve(issuer);
	resolver.close();
	expect(didResolutionMetadata["cause"]).toMatchObject({ code: "registry/unreachable" });
	expect(Object.keys(didResolutionMetadata)).toEqual(["error", "code", "message", "problemDetails"]);
});
