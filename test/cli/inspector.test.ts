import { once } from "node:events";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInspectorSite } from "../../src/cli/inspector-site.ts";
import { toPageOrigin } from "../../src/cli/page-origin.ts";
import { type LocalServer, serveFetch } from "../../src/cli/serve-fetch.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { refusalOf } from "../support/refusal.ts";

const SECRET = "unguessable";
const SETTINGS = {
	network: { chainId: 1, rpcUrl: "https://node.example/key", registry: "0x1", kind: undefined, isLocal: false },
};

let world: CliWorld;
beforeEach(() => {
	world = createCliWorld();
});
afterEach(() => world.remove());

describe("the inspector's site", () => {
	let server: LocalServer;
	beforeEach(async () => {
		world.write("site/index.html", "<!doctype html>");
		world.write("site/assets/a.js", "1");
		world.write("secret.txt", "secret");
		server = await serveFetch(
			createInspectorSite({
				folder: world.path("site"),
				secret: SECRET,
				settings: SETTINGS,
				origins: ["https://node.example", "https://node.example"],
			}),
		);
	});
	afterEach(() => server.close());

	it("isn't served on a port that another program uses", async () => {
		const port = Number(new URL(server.url).port);
		const message = `can't listen on port ${port}: another program uses it`;
		await expect(serveFetch(async () => new Response(), port)).rejects.toMatchObject({ code: "config/port", message });
	});

	/** Sends exactly this path and this name of the host. */
	async function ask(path: string, { host = new URL(server.url).host, method = "GET" } = {}) {
		const sent = request(server.url, { path, method, headers: { host } }).end();
		const [response] = await once(sent, "response");
		let body = "";
		for await (const text of response.setEncoding("utf8")) body += text;
		return { status: response.statusCode as number, headers: response.headers as Record<string, string>, body };
	}

	it("serves the page, its files and the settings", async () => {
		expect(await ask("/unguessable/")).toMatchObject({ status: 200, body: "<!doctype html>" });
		expect((await ask("/unguessable/")).headers["content-type"]).toBe("text/html; charset=utf-8");
		expect((await ask("/unguessable/assets/a.js")).headers["content-type"]).toBe("text/javascript; charset=utf-8");
		expect(JSON.parse((await ask("/unguessable/settings.json?x")).body)).toEqual(JSON.parse(JSON.stringify(SETTINGS)));
		expect(await ask("/unguessable/", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
	});

	it("T103: serves nothing else, and nothing to anyone who doesn't know the folder's secret name", async () => {
		const outside = ["/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/assets", "/assets/", "//secret.txt"];
		const inside = ["/", "/index.html", "/assets/a.js", "/settings.json", "/unguessabl/", "/unguessable"];
		for (const path of [...outside, ...outside.map((path) => `/unguessable${path}`), ...inside]) {
			const { status, body } = await ask(path);
			expect(status).toBe(404);
			expect(body).toBe("There is nothing here. Open the whole URL that the command printed.\n");
		}
		expect((await ask("/unguessable/", { method: "POST" })).status).toBe(405);
	});

	it("has a policy that allows only the page and the given origins, sets no cookies, and isn't stored", async () => {
		for (const path of ["/unguessable/", "/unguessable/settings.json", "/missing"]) {
			const { headers } = await ask(path);
			expect(headers["content-security-policy"]?.split("; ")).toEqual([
				"default-src 'none'",
				"script-src 'self'",
				"style-src 'self'",
				"img-src 'self' data:",
				"connect-src 'self' https://node.example",
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
				"require-trusted-types-for 'script'",
				"trusted-types 'none'",
			]);
			expect(headers).toMatchObject({
				"cache-control": "no-store",
				"cross-origin-resource-policy": "same-origin",
				"x-content-type-options": "nosniff",
			});
			expect(Object.keys(headers)).not.toContain("set-cookie");
			expect(Object.keys(headers)).not.toContain("access-control-allow-origin");
		}
	});

	it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", "0.0.0.0"])(
		"T103: refuses requests for the host %j, whose name may lead here (DNS rebinding)",
		async (host) => {
			expect(await ask("/unguessable/settings.json", { host })).toMatchObject({ status: 421, body: "" });
		},
	);

	it.each([
		["the method TRACE", "TRACE", "/"],
		["a target with a port that can't be", "GET", "*:99999999"],
		["a target with a user's name", "GET", "*@x"],
	])("T103: refuses %s, which fetch has no request for, and goes on", async (_what, method, path) => {
		expect(await ask(path, { method })).toMatchObject({ status: 400, body: "" });
		expect((await ask("/unguessable/")).status).toBe(200);
	});

	it("answers to localhost", async () => {
		expect((await ask("/unguessable/", { host: "localhost:8600" })).status).toBe(200);
	});
});

describe("the origins of a page's policy", () => {
	it("are those of URLs", () => {
		expect(toPageOrigin("https://Node.example:8545/key?a=b", "--rpc-url")).toBe("https://node.example:8545");
		expect(toPageOrigin("wss://my_node.example/", "--rpc-url")).toBe("wss://my_node.example");
	});

	it.each([
		...["a;script-src", "a,b", "*", "*.example", "a'none'", "a%3Bscript-src", "[::1]", "a b"].map(
			(host) => `https://${host}/`,
		),
		...["hotel.example", "file:///etc", "javascript:1", "https://", "data:,a", "*", "'none'"],
	])("aren't %j, whose host a policy can't name", async (url) => {
		expect((await refusalOf(() => toPageOrigin(url, "--connect"))).code).toBe("config/invalid-option");
	});

	it("don't show a node's key if they are refused", () => {
		expect(() => toPageOrigin("https://a;b/s3cret", "--rpc-url")).toThrow(/^(?!.*s3cret).*--rpc-url/);
	});
});

describe("orgpass inspector", () => {
	it("refuses a node whose host would add to the page's policy", async () => {
		world.write(
			"orgpass.json",
			JSON.stringify({ rpcUrl: "https://a;script-src/", registry: `0x${"11".repeat(20)}`, chainId: 1 }),
		);
		expectRefusal(await world.run(["inspector"]), 2, "config/invalid-option");
	});

	it("refuses origins that aren't, and ports that are taken", async () => {
		for (const origin of ["hotel.example", "file:///etc", "javascript:1", "https://"]) {
			expectRefusal(await world.run(["inspector", "--connect", origin]), 2, "config/invalid-option");
		}
		expectRefusal(await world.run(["inspector", "--port", "65536"]), 2, "config/invalid-option");
		const server = await serveFetch(async () => new Response());
		const { port } = new URL(server.url);
		expect((await world.run(["inspector", "--port", port])).exitCode).toBe(2);
		await server.close();
	});
});
