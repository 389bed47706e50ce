import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { type BearerOptions, createBearer } from "../../src/http/bearer.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
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
async function statusOf(token: string, options: Partial<BearerOptions> = {}): Promise<number> {
	const decision = await createBearer({ verifier, ...options })(`Bearer ${token}`);
	return decision.granted ? 200 : decision.status;
}

describe("a route for one resource and one operation", () => {
	it.each<[string, Partial<BearerOptions>, number]>([
		["asks for nothing", {}, 200],
		["is the token's", { resource: ROOMS, operation: "Read" }, 200],
		["T25: is for another operation", { resource: ROOMS, operation: "Delete" }, 403],
		["T25: writes the operation otherwise", { operation: "READ" }, 403],
		["T26: is for a resource below", { resource: `${ROOMS}/7`, operation: "Read" }, 403],
		["T26: is for another scheme", { resource: ROOMS.replace("https", "http") }, 403],
		["wants a scope besides", { resource: ROOMS, operation: "Read", scope: "admin" }, 403],
	])("that %s", async (_, options, status) => {
		expect(await statusOf(read, options)).toBe(status);
	});

	it.each([{ resource: "" }, { operation: 1 }, { operation: null }])("is rejected for %j", async (options) => {
		const make = () => createBearer({ verifier, ...options } as never);
		await expectRefusal(make, "config/invalid-option");
	});
});

describe("a token with an access control list", () => {
	it.each<[string, string, string, number]>([
		["what the list allows", "GET", "/v1/users/alice", 200],
		["the query beside it", "GET", "/v1/users/alice?admin=1", 200],
		["another method", "DELETE", "/v1/users/alice", 403],
		["another path", "GET", "/v1/users/alice/devices", 403],
		["a path that URL resolves elsewhere", "GET", "/v1/users/../admin", 403],
		["an encoded slash", "GET", "/v1/users/a%2fb", 403],
		["a parameter that a filter wants", "GET", "/v1/messages?from=44", 200],
		["another value of it", "GET", "/v1/messages?from=45", 403],
		["the parameter twice, which has two readings", "GET", "/v1/messages?from=44&from=45", 403],
		["the parameter twice the same", "GET", "/v1/messages?from=44&from=44", 403],
		["the parameter and a list of its name", "GET", "/v1/messages?from=44&from[]=45", 403],
		["a list of its name and the parameter", "GET", "/v1/messages?from%5B0%5D=45&from=44", 403],
		["the parameter and names of the prototype", "GET", "/v1/messages?from=44&__proto__=a&constructor=b", 200],
		["the parameter, by a method that could have a body", "POST", "/v1/messages?from=44", 200],
	])("is held against %s", async (_, method, target, status) => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const response = await bearerAuth(
			{ verifier },
			() => new Response("fine"),
		)(new Request(`http://localhost${target}`, { method, headers }));
		expect(response.status).toBe(status);
		if (status === 403) expect(await response.json()).toMatchObject({ code: "policy/acl" });
	});

	it.each<[string, string, () => BodyInit]>([
		["JSON that says otherwise", "/v1/messages?from=44", () => '{"from":"45"}'],
		["a form that says otherwise", "/v1/messages?from=44", () => new URLSearchParams({ from: "45" })],
		["a stream", "/v1/messages?from=44", () => new Blob(["from=45"]).stream()],
		["JSON that says the same, which isn't read", "/v1/messages", () => '{"from":"44"}'],
	])("by a rule with filters allows no request with %s in its body", async (_, target, body) => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const init = { method: "POST", headers, body: body(), duplex: "half" };
		const handler = bearerAuth({ verifier }, () => expect.fail("the handler was called"));
		const response = await handler(new Request(`http://localhost${target}`, init as RequestInit));
		expect([response.status, await response.json()]).toEqual([
			403,
			{ error: "insufficient_scope", code: "policy/acl" },
		]);
	});

	it("by a rule without filters allows a request whatever its body", async () => {
		const headers = { authorization: `Bearer ${withAcl}` };
		const request = new Request("http://localhost/v1/rooms", { method: "POST", headers, body: "{}" });
		const response = await bearerAuth({ verifier }, async (it) => new Response(await it.text()))(request);
		expect([response.status, await response.text()]).toEqual([200, "{}"]);
	});

	it("is held against the parameters of a body by who read it", async () => {
		const statusFor = async (from: string): Promise<number> => {
			const request = { method: "POST", path: "/v1/messages", parameters: { from } };
			const decision = await createBearer({ verifier })(`Bearer ${withAcl}`, request);
			return decision.granted ? 200 : decision.status;
		};
		expect([await statusFor("44"), await statusFor("45")]).toEqual([200, 403]);
	});

	it("is rejected where the request isn't told", async () => {
		expect(await statusOf(withAcl)).toBe(403);
	});
});
