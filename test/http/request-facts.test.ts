import { expect, it } from "vitest";
import { bearerAuth } from "../../src/http/fetch.ts";
import { fetchFacts, nodeFacts, readFetchRequest, readNodeRequest } from "../../src/http/request-facts.ts";
import { aclAllows } from "../../src/tokens/vonage/acl.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const TARGET = "/rooms?from=2027&beds=1&beds=2";
const DETAILS = { method: "GET", path: "/rooms", parameters: { from: "2027", "beds[]": "1" } };

it("parses a URL only when its parts are read, and once", () => {
	let reads = 0;
	class Counted extends Request {
		override get url(): string {
			reads += 1;
			return super.url;
		}
	}
	const { details } = fetchFacts(new Counted(`https://hotel.example${TARGET}`));
	expect([details.method, reads]).toEqual(["GET", 0]);
	expect([details.path, details.parameters, reads]).toEqual([DETAILS.path, DETAILS.parameters, 1]);
});

it("a verifier doesn't parse the URL for a token without an access control list", async () => {
	const stage = await createOfflineStage();
	const request = new Request("https://hotel.example/", {
		headers: { authorization: `Bearer ${await stage.forge()}` },
	});
	const unparsed = Object.defineProperty(request, "url", { get: () => expect.fail("the URL was parsed") });
	const handler = bearerAuth({ verifier: stage.verifier })()((_request, { issuer }) => new Response(issuer));
	expect(await (await handler(unparsed)).text()).toBe(stage.sender.did);
});

it("looks for a body only when the parameters are read", () => {
	let reads = 0;
	const request = {
		method: "GET",
		rawHeaders: [],
		get headers() {
			reads += 1;
			return {};
		},
	};
	const { details } = nodeFacts(request, TARGET);
	expect([details.method, reads]).toEqual(["GET", 0]);
	expect([details.path, details.parameters]).toEqual([DETAILS.path, DETAILS.parameters]);
	expect(reads).toBeGreaterThan(0);
});

it.each([
	["from[]=44", { "from[]": "44" }],
	["from%5B%5D=44", { "from[]": "44" }],
	["from[]=44&from[]=44", { "from[][]": "44" }],
	["from=44&from=45", { "from[]": "44" }],
	["from=44&from[]=45", { from: "44", "from[]": "45" }],
	["From=44", { From: "44" }],
	["?from=44", { "?from": "44" }],
])("reads from ?%s only the names that it has", (query, parameters) => {
	const target = `/rooms?${query}`;
	expect(readFetchRequest(new Request(`https://hotel.example${target}`)).details.parameters).toEqual(parameters);
	expect(readNodeRequest({ method: "GET", headers: {}, rawHeaders: [] }, target).details.parameters).toEqual(
		parameters,
	);
});

it("T88: reads no parameters from a target with a fragment, which some frameworks cut off", () => {
	for (const target of ["/rooms?#&from=44", "/rooms?a=1#&from=44", "/rooms?from=44#"]) {
		const { path, parameters } = readNodeRequest({ method: "GET", headers: {}, rawHeaders: [] }, target).details;
		expect([path, parameters], target).toEqual(["/rooms", undefined]);
	}
});

it("T88: a fetch-style request with a fragment, which old versions of Hono route by, matches no list", () => {
	for (const target of ["/rooms#/secret", "/rooms#", "/rooms?from=44#", "/rooms?from=44#&from=45"]) {
		const { details } = readFetchRequest(new Request(`https://hotel.example${target}`));
		expect(details, target).toEqual({ method: "GET", path: "/rooms#", parameters: undefined });
		expect(aclAllows({ paths: { "/**": {} } }, details), target).toBe(false);
	}
});

it("T88: reads no parameters if there are more than frameworks read", () => {
	for (const count of [999, 1_000]) {
		const target = `/rooms?${"&".repeat(count)}from=44`;
		const expected = count === 999 ? { from: "44" } : undefined;
		expect(readFetchRequest(new Request(`https://hotel.example${target}`)).details.parameters).toEqual(expected);
		const request = { method: "GET", headers: {}, rawHeaders: [] };
		expect(readNodeRequest(request, target).details.parameters).toEqual(expected);
	}
});

it("passes plain objects to callers of createBearer", () => {
	expect(readFetchRequest(new Request(`https://hotel.example${TARGET}`)).details).toEqual(DETAILS);
	expect(readNodeRequest({ method: "GET", headers: {}, rawHeaders: [] }, TARGET).details).toEqual(DETAILS);
});

it("joins all Authorization headers of a request to Node's server, and reads no other header", () => {
	const read = (...rawHeaders: string[]) => readNodeRequest({ headers: {}, rawHeaders }, "/").authorization;
	expect(read()).toBeUndefined();
	expect(read("Host", "hotel.example", "Authorization", "Bearer a.b.c", "Accept", "*/*")).toBe("Bearer a.b.c");
	expect(read("AUTHORIZATION", "a", "Host", "hotel.example", "authorization", "b")).toBe("a, b");
	// A header of the same length, headers whose names contain the name, and one whose value is the name.
	expect(read("X-Bearer-Auth", "a", "Proxy-Authorization", "b", "Authorization-Info", "c")).toBeUndefined();
	expect(read("X-Header", "authorization", "Cookie", "Bearer a.b.c")).toBeUndefined();
});

it.each([
	["/", { path: "/", parameters: {} }],
	["/?", { path: "/", parameters: {} }],
	["/rooms?from", { path: "/rooms", parameters: { from: "" } }],
	["/rooms?next=/a?b=c", { path: "/rooms", parameters: { next: "/a?b=c" } }],
	["", { path: "", parameters: {} }],
])("reads path and query of the request target %j, with an unknown method as empty text", (target, details) => {
	expect(readNodeRequest({ headers: {}, rawHeaders: [] }, target).details).toEqual({ method: "", ...details });
});

it.each([
	["no header", {}, true],
	["a length of 0", { "content-length": "0" }, true],
	["a length", { "content-length": "1" }, false],
	["chunks", { "transfer-encoding": "chunked" }, false],
	["chunks and a length of 0", { "transfer-encoding": "chunked", "content-length": "0" }, false],
])("reads parameters only if there is no body to contradict them: %s", (_what, headers, isRead) => {
	const { parameters } = readNodeRequest({ headers, rawHeaders: [] }, "/?from=44").details;
	expect(parameters).toEqual(isRead ? { from: "44" } : undefined);
});

it.each([
	[true, { from: "44" }],
	[false, undefined],
])("in HTTP/2, the stream says whether there is a body: it ends after the headers: %s", (endAfterHeaders, expected) => {
	const request = { headers: {}, rawHeaders: [], stream: { endAfterHeaders } };
	expect(readNodeRequest(request, "/?from=44").details.parameters).toEqual(expected);
});
