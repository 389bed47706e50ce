import { describe, expect, it } from "vitest";
import { OrgpassError, PolicyError, RegistryError } from "../../src/errors/errors.ts";
import { type Bearer, createBearer } from "../../src/http/bearer.ts";
import { type LogFields, toGuardFacts, toLogFields } from "../../src/http/log-fields.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const stage = await createOfflineStage();
const token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
const bearer = createBearer({ verifier: stage.verifier });
const failing = (error: unknown): Bearer => createBearer({ verifier: { verify: () => Promise.reject(error) } });

const issuer = stage.sender.did;
const accepted: LogFields = { outcome: "accepted", profile: "orgid", issuer, keyId: stage.sender.issuer };

describe("the fields of logs", () => {
	it("name the profile, the issuer and the key of a token, from the decision or the token itself", async () => {
		const decision = await bearer(`Bearer ${token}`);
		expect(toLogFields(decision)).toEqual(accepted);
		expect(toLogFields(decision.granted ? decision.auth : expect.fail("denied"))).toEqual(accepted);
	});

	it("say of a token whether its issuer's expired record was used, which a guard doesn't report", async () => {
		const verified = { ...(await stage.verifier.verify(token)), stale: true } as const;
		const decision = await createBearer({ verifier: { verify: async () => verified } })(`Bearer ${token}`);
		expect(toLogFields(decision)).toStrictEqual({ ...accepted, stale: true });
		expect(toLogFields(verified)).toStrictEqual({ ...accepted, stale: true });
		expect(toGuardFacts(decision)).not.toHaveProperty("stale");
		expect(toLogFields(await bearer(`Bearer ${token}`))).not.toHaveProperty("stale");
	});

	it.each<[string, Bearer, string | null, LogFields]>([
		["no token", bearer, null, { outcome: "denied", status: 401 }],
		["no token, but something else", bearer, "Bearer", { outcome: "denied", status: 400 }],
		["an invalid token", bearer, "Bearer a.b.c", { outcome: "denied", status: 401, code: "token/malformed" }],
		[
			"a used token",
			failing(new OrgpassError("replay/seen", "x")),
			"Bearer a.b.c",
			{ outcome: "denied", status: 401, code: "replay/seen" },
		],
		[
			"too many requests",
			failing(new PolicyError("policy/rate", "x")),
			"Bearer a.b.c",
			{ outcome: "denied", status: 429, code: "policy/rate" },
		],
		[
			"an outage",
			failing(new RegistryError("registry/unreachable", "x", { details: { host: "node.example" } })),
			"Bearer a.b.c",
			{ outcome: "failed", status: 503, code: "registry/unreachable", host: "node.example" },
		],
		["a bug", failing(new TypeError("x")), "Bearer a.b.c", { outcome: "failed", status: 500 }],
	])("say why a request was denied, and whether that was a decision: %s", async (_what, decide, header, fields) => {
		const decision = await decide(header);
		expect(toLogFields(decision)).toStrictEqual(fields);
		expect(toGuardFacts(decision)).toStrictEqual(fields);
	});

	it("name the issuer of a valid token that doesn't grant what the route requires", async () => {
		const decision = await bearer.requires({ scope: "pay" })(await bearer(`Bearer ${token}`));
		expect(toLogFields(decision)).toStrictEqual({ outcome: "denied", status: 403, code: "policy/scope", issuer });
	});

	it("are reported without the key by a guard, which may let a request without a token through", async () => {
		const { keyId: _, ...facts } = accepted;
		expect(toGuardFacts(await bearer(`Bearer ${token}`))).toStrictEqual(facts);
		expect(toGuardFacts(undefined)).toStrictEqual({ outcome: "accepted" });
	});
});
