import { expect, it } from "vitest";
import { bearerAuth } from "../../src/http/fetch.ts";
import { fetchFacts, nodeFacts, readFetchRequest, readNodeRequest } from "../../src/http/request-facts.ts";
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
])("reads from ?%s only the names that it has", (query, parameters) => {
	const target = `/rooms?${query}`;
	expect(readFetchRequest(new Request(`https://hotel.example${target}`)).details.parameters).toEqual(parameters);
	expect(readNodeRequest({ method: "GET", headers: {}, rawHeaders: [] }, target).details.parameters).toEqual(
		parameters,
	);
});

it("passes plain objects to callers of createBearer", () => {
	expect(readFetchRequest(new Request(`https://hotel.example${TARGET}`)).details).toEqual(DETAILS);
	expect(readNodeRequest({ method: "GET", headers: {}, rawHeaders: [] }, TARGET).details).toEqual(DETAILS);
});
