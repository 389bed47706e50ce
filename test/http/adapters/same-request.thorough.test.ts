/** The same bytes, sent to every adapter: none lets a request through that another one denies. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../../src/tokens/vonage/vonage-minter.ts";
import { runs } from "../../support/property.ts";
import { createOfflineStage } from "../../support/token-stage.ts";
import { type RawRequest, sendRaw } from "./raw-client.ts";
import { ADAPTERS, type GuardedServer } from "./servers.ts";

const APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
/** Rules by method, path and filter. */
const ACL = {
	paths: {
		"/api/v1/users/*": { methods: ["GET"] },
		"/api/v1/messages": { filters: { from: "44" } },
		"/api/v1/calls/**": {},
	},
};

let servers: readonly (readonly [string, GuardedServer])[];
let tokens: readonly string[];
beforeAll(async () => {
	const [stage, app] = await Promise.all([createOfflineStage(), generateKeyPair({ algorithm: "RS256" })]);
	const verifier = createVerifier({
		profiles: [
			orgid({ audience: stage.receiver.did, resolver: stage.resolver }),
			vonage({ keys: { [APPLICATION]: app.publicKey } }),
		],
	});
	const minter = createVonageMinter({ key: app.privateKey, applicationId: APPLICATION });
	const scoped = stage.forge({ payload: stage.claims({ scope: "book" }) });
	const forged = stage.forge({ key: (await generateKeyPair()).privateKey });
	tokens = await Promise.all([minter.mint({ claims: { acl: ACL } }), scoped, forged]);
	const options = { verifier, issuers: [APPLICATION], onDenied: () => undefined, onHandled: () => undefined };
	servers = await Promise.all(
		Object.entries(ADAPTERS).map(async ([name, start]) => [name, await start(options)] as const),
	);
});
afterAll(() => Promise.all(servers.map(([, server]) => server.close())));

const PATHS = ["/users/1", "/users/1/2", "/users/", "/messages", "/calls", "/calls/1/2", "/other"];
const SPELLINGS = ["", "", "", "/", "%2f", "%41", "/.", "/..", "//", ";a", "%00", "+", "%zz", "\\", "é"];
/** Without fragments: a fetch-style server cuts them off, the others refuse filters then. */
const QUERIES = ["", "?from=44", "?from=44&from=45", "?from[]=44", "?from%5B%5D=44", "?from=4%34", "??from=44"];
const SCHEMES = ["Bearer ", "Bearer ", "Bearer ", "bearer  ", "Bearer\t", "Bearer", "Basic ", " Bearer ", "Bearer , "];
const NAMES = ["Authorization", "Authorization", "authorization", "AUTHORIZATION", "X-Authorization"];

const authorizations = fc.record({
	name: fc.constantFrom(...NAMES),
	scheme: fc.constantFrom(...SCHEMES),
	token: fc.nat(2),
	after: fc.constantFrom("", "", "", "", " ", ",", "\t", "\u00a0", "=", ", Bearer x"),
});
/** The token with the access control list. */
const BEARER = { name: "Authorization", scheme: "Bearer ", token: 0, after: "" };

/**
 * Only GET has no body: to fetch-style servers on Node, other requests have one, so they deny more, and to them a GET never
 * has one.
 */
const requests = fc.record({
	method: fc.constantFrom("GET", "GET", "GET", "POST", "DELETE", "OPTIONS"),
	target: fc
		.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...SPELLINGS), fc.constantFrom(...QUERIES))
		.map(([path, spelling, query]) => `/api/v1${path}${spelling}${query}`),
	lines: fc.oneof(
		authorizations.map((one) => [one]),
		fc.array(authorizations, { maxLength: 3 }),
	),
});

describe("T60: all adapters", () => {
	it("decide alike about any request", async () => {
		const all = new Set<unknown>();
		await fc.assert(
			fc.asyncProperty(requests, async ({ method, target, lines }) => {
				const sent = {
					...{ method, target, body: method === "GET" ? "" : "x" },
					lines: lines.map(({ name, scheme, token, after }) => `${name}: ${scheme}${tokens[token]}${after}`),
				};
				const seen = await Promise.all(servers.map(async ([name, { port }]) => [name, await answer(port, sent)]));
				const decisions = new Set(seen.map(([, text]) => text).filter((text) => text !== undefined));
				expect(decisions.size, JSON.stringify([sent, seen])).toBeLessThan(2);
				for (const decision of decisions) all.add(decision);
			}),
			runs(1_500, 100, [[{ method: "GET", target: "/api/v1/messages??from=44", lines: [BEARER] }]]),
		);
		expect(all.size).toBeGreaterThan(3);
	});
});

/** The guard's decision: the challenge, or who the handler saw. Undefined if the framework itself refused the request. */
async function answer(port: number, request: RawRequest): Promise<string | undefined> {
	const { status, headers, body } = await sendRaw(port, request);
	if (status === 200) return (JSON.parse(body) as { readonly issuer: string }).issuer;
	const challenge = headers.get("www-authenticate");
	return challenge === null ? undefined : `${status}, ${challenge}`;
}
