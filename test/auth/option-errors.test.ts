/** Which function and which option the error for a wrong option names. */
import { expect, it } from "vitest";
import { createVerifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { allOf } from "../../src/auth/policies/combine.ts";
import { denyIssuer, requireIssuer } from "../../src/auth/policies/issuer.ts";
import { limitLifetime } from "../../src/auth/policies/lifetime.ts";
import { requireOrganization } from "../../src/auth/policies/organization.ts";
import { limitRate } from "../../src/auth/policies/rate.ts";
import { requireAnyScope, requireScope } from "../../src/auth/policies/scope.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { createRedisReplayStore } from "../../src/auth/replay/redis-store.ts";
import { createSqliteReplayStore } from "../../src/auth/replay/sqlite-store.ts";
import { createRequirementsCheck } from "../../src/auth/route-requirements.ts";
import { refusalOf } from "../support/refusal.ts";
import { profileOfKind } from "../support/token-kinds.ts";

const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;
const profiles = [profileOfKind("ioctl")];
const client = { set: async () => "OK" };
const verifier = createVerifier({ profiles });

/** The option, and the beginning of the message. */
type Case = readonly [option: string, start: string, run: () => unknown];

/** An option of `createVerifier`. */
function verifierCase(option: keyof VerifierOptions, value: unknown): Case {
	return [option, `createVerifier: "${option}" must be `, () => createVerifier({ profiles, [option]: value })];
}

/** An option of a function with an object of options. */
function optionCase(name: string, create: (options: never) => unknown, options: Record<string, unknown>): Case {
	const option = Object.keys(options)[0] as string;
	return [option, `${name}: "${option}" must be `, () => create(options as never)];
}

it.each<Case>([
	verifierCase("profiles", []),
	verifierCase("profiles", {}),
	verifierCase("clockToleranceSeconds", 301),
	verifierCase("clockToleranceSeconds", -0.5),
	verifierCase("maxLifetimeSeconds", 0),
	verifierCase("maxTokenBytes", 0.5),
	verifierCase("timeoutSeconds", 0),
	verifierCase("policies", {}),
	verifierCase("replay", {}),
	verifierCase("cache", true),
	verifierCase("observer", {}),
	verifierCase("now", 5),
	["policies.0", 'createVerifier: "policies.0" must be ', () => createVerifier({ profiles, policies: [5 as never] })],
	["cache.maxEntries", "createVerifier", () => createVerifier({ profiles, cache: { maxEntries: 0 } })],
	["cache.ttlSeconds", "createVerifier", () => createVerifier({ profiles, cache: { ttlSeconds: 0 } })],
	["scope", 'verify: "scope" must be ', () => verifier.verify("a.b.c", { scope: "" })],
	["resource", 'verify: "resource" must be ', () => verifier.verify("a.b.c", { resource: "" })],
	["operation", 'verify: "operation" must be ', () => verifier.verify("a.b.c", { operation: "" })],
	["request", 'verify: "request" must be ', () => verifier.verify("a.b.c", { request: 5 as never })],
	["options", "onStep: ", () => verifier.explain("a.b.c", {}, 5 as never)],
	["policies", "policies must be ", () => allOf()],
	["policies", "policies must be ", () => allOf(() => true, 5 as never)],
	["issuers", "issuers must be at least one issuer", () => requireIssuer([])],
	["issuers", "issuers must be a non-empty array of issuers, got 5", () => denyIssuer([5 as never])],
	["issuers", "issuers must be bare DIDs with their chain", () => requireIssuer(`  ${DID}`)],
	["issuers", "issuers must be bare DIDs with their chain", () => requireIssuer(DID.replace("did:", "DID:"))],
	[
		"issuers",
		`issuers must be bare DIDs with their chain: did:orgid:<chain id>:0x…, got "`,
		() => requireIssuer(`${DID}#a`),
	],
	["seconds", "seconds must be a positive number of seconds, got 0", () => limitLifetime(0)],
	["requirements", "requirements must be at least one requirement", () => requireOrganization({})],
	["owner", "requireOrganization: owner must be an address", () => requireOrganization({ owner: "alice" })],
	["director", "requireOrganization: director must be an address", () => requireOrganization({ director: ["0x1"] })],
	optionCase("requireOrganization", requireOrganization, { kind: 5 }),
	optionCase("requireOrganization", requireOrganization, { registry: [] }),
	optionCase("requireOrganization", requireOrganization, { documentEvidence: "" }),
	["options", 'limitRate: "options" must be an object with a consume method', () => limitRate({} as never)],
	["scope", "scope must be at least one scope", () => requireScope([])],
	["scope", "scope must be at least one scope", () => requireAnyScope([])],
	optionCase("createMemoryReplayStore", createMemoryReplayStore, { maxEntries: 0 }),
	optionCase("createRedisReplayStore", createRedisReplayStore, { client: {} }),
	optionCase("createRedisReplayStore", createRedisReplayStore, { prefix: 5, client }),
	optionCase("createSqliteReplayStore", createSqliteReplayStore, { file: "" }),
	...[
		{ scope: "" },
		{ resource: "" },
		{ operation: "" },
		{ issuers: [] },
		{ issuers: DID },
		{ policy: 5 },
		{ replay: {} },
	].map((options) => optionCase("requires", createRequirementsCheck, options)),
])("the wrong option %s is named: %s", async (option, start, run) => {
	const { code, message, details } = await refusalOf(run);
	expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option } });
	expect(message.slice(0, start.length)).toBe(start);
});

it.each<[string, (options: never) => unknown]>([
	["createVerifier", (options: object) => createVerifier({ profiles, ...options })],
	["verify", (options: object) => verifier.verify("a.b.c", options)],
	["requireOrganization", requireOrganization],
	["createMemoryReplayStore", createMemoryReplayStore],
	["createRedisReplayStore", (options: object) => createRedisReplayStore({ client, ...options })],
	["createSqliteReplayStore", (options: object) => createSqliteReplayStore({ file: ":memory:", ...options })],
	["requires", createRequirementsCheck],
] as never)("an option that %s doesn't have is named", async (name, run) => {
	const { code, message, details } = await refusalOf(() => run({ strange: undefined } as never));
	expect({ code, details }).toEqual({ code: "config/unknown-option", details: { option: "strange" } });
	expect(message).toBe(`${name} has no option "strange"`);
});
