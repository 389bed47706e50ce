import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { RouteRequirements } from "../../src/auth/route-requirements.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { decide } from "../support/decide.ts";
import { expectRefusal } from "../support/refusal.ts";

const ROOMS = "https://hotel.example/rooms";
const APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";

let verifier: Verifier;
let read: string;
let withAcl: string;
beforeAll(async () => {
	const account = await generateKeyPair();
	const app = await generateKeyPair({ algorithm: "RS256" });
	verifier = createVerifier({
		profiles: [ioctl({ trustedIssuers: [account.publicKey] }), vonage({ keys: { [APPLICATION]: app.publicKey } })],
	});
	const signer = createIoctlMinter({ key: account.privateKey });
	read = await signer.mint({ resource: ROOMS, operation: "Read" });
	const minter = createVonageMinter({ key: app.privateKey, applicationId: APPLICATION });
	const acl = {
		paths: {
			"/v1/users/*": { methods: ["GET"] },
			"/v1/messages": { filters: { from: "44" } },
			"/v1/rooms": { methods: ["POST"] },
		},
	};
	withAcl = await minter.mint({ claims: { acl } });
});

/** The status that a token gets on a route. */
async function statusOf(token: string, requirements: RouteRequirements = {}): Promise<number> {
	const decision = await decide({ verifier }, requirements, `Bearer ${token}`);
	return decision.granted ? 200 : decision.status;
}

describe("a route that requires a resource and an operation", () => {
	it.each<[string, RouteRequirements, number]>([
		["requires nothing", {}, 200],
		["matches the token", { resource: ROOMS, operation: "Read" }, 200],
		["T25: requires another operation", { resource: ROOMS, operation: "Delete" }, 403],
		["T25: writes the operation in another case", { operation: "READ" }, 403],
		["T26: requires a resource below the token's", { resource: `${ROOMS}/7`, operation: "Read" }, 403],
		["T26: requires another scheme", { resource: ROOMS.replace("https", "http") }, 403],
		["also requires a scope", { resource: ROOMS, operation: "Read", scope: "admin" }, 403],
	])("that %s", async (_, requirements, status) => {
		expect(await statusOf(read, requirements)).toBe(status);
	});

	it.each([{ resource: "" }, { operation: 1 }, { operation: null }])("is rejected for %j", async (requirements) => {
		const make = () => createBearer({ verifier }).requires(requirements as never);
		await expectRefusal(make, "config/invalid-option");
	});
});

describe("a token with an access control list", () => {
	it.each<[string, string, string, number]>([
		["an allowed request", "GET", "/v1/users/alice", 200],
		["an allowed request with a query", "GET", "/v1/users/alice?admin=1", 200],
		["another method", "DELETE", "/v1/users/alice", 403],
		["another path", "GET", "/v1/users/alice/devices", 403],
		["a path that URL resolves to another", "GET", "/v1/users/../admin", 403],
		["an encoded slash", "GET", "/v1/users/a%2fb", 403],
		["a parameter that a filter requires", "GET", "/v1/messages?from=44", 200],
		["another value of that parameter", "GET", "/v1/messages?from=45", 403],
		["the parameter twice with different values", "GET", "/v1/messages?from=44&from=45", 403],
		["the parameter twice with the same value", "GET", "/v1/messages?from=44&from=44", 403],
		["the parameter and an array of its name", "GET", "/v1/messages?from=44&from[]=45", 403],
		["the parameter and one that PHP reads as it", "GET", "/v1/messages?from=44&%20from=45", 403],
		["the parameter and an unclosed bracket after it", "GET", "/v1/messages?from=44&from%5B=45", 403],
		["the parameter and its name in upper case", "GET", "/v1/messages?from=44&FROM=45", 403],
		["the parameter and its name in upper case twice", "GET", "/v1/messages?FROM=1&from=44&FROM=45", 403],
		["the parameter after a semicolon", "GET", "/v1/messages?from=44&x=1;from=45", 403],
		["the parameter and another one twice", "GET", "/v1/messages?from=44&to=1&to=2", 200],
		["an array of its name and the parameter", "GET", "/v1/messages?from%5B0%5D=45&from=44", 403],
		[
			"the parameter and property names of Object.prototype",
			"GET",
			"/v1/messages?from=44&__proto__=a&constructor=b",
			200,
		],
		["the parameter, with a method that may have a body", "POST", "/v1/messages?from=44", 200],
	])("is checked against %s", async (_, method, target, status) => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const response = await bearerAuth({ verifier })()(() => new Response("fine"))(
			new Request(`http://localhost${target}`, { method, headers }),
		);
		expect(response.status).toBe(status);
		if (status === 403) expect(await response.json()).toMatchObject({ code: "policy/acl" });
	});

	it.each<[string, string, () => BodyInit]>([
		["JSON of another value", "/v1/messages?from=44", () => '{"from":"45"}'],
		["a form of another value", "/v1/messages?from=44", () => new URLSearchParams({ from: "45" })],
		["a stream", "/v1/messages?from=44", () => new Blob(["from=45"]).stream()],
		["JSON of the same value, which isn't read", "/v1/messages", () => '{"from":"44"}'],
	])("rejects a request with %s as its body if a rule has filters", async (_, target, body) => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const init = { method: "POST", headers, body: body(), duplex: "half" };
		const handler = bearerAuth({ verifier })()(() => expect.fail("the handler was called"));
		const response = await handler(new Request(`http://localhost${target}`, init as RequestInit));
		expect(response.status).toBe(403);
		expect(await response.json()).toMatchObject({ status: 403, code: "policy/acl" });
	});

	it("allows a request with any body if no rule has filters", async () => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const request = new Request("http://localhost/v1/rooms", { method: "POST", headers, body: "{}" });
		const response = await bearerAuth({ verifier })()(async (it) => new Response(await it.text()))(request);
		expect([response.status, await response.text()]).toEqual([200, "{}"]);
	});

	it("can be checked against the parameters of a body by the caller", async () => {
		const statusFor = async (from: string): Promise<number> => {
			const request = { method: "POST", path: "/v1/messages", parameters: { from } };
			const decision = await createBearer({ verifier })(`Bearer ${withAcl}`, request);
			return decision.granted ? 200 : decision.status;
		};
		expect([await statusFor("44"), await statusFor("45")]).toEqual([200, 403]);
	});

	it("is rejected without a request to check", async () => {
		expect(await statusOf(withAcl)).toBe(403);
	});
});
