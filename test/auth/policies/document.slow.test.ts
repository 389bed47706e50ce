/** Values in organizations' documents, against real chains, registries and document hosts. */
import type { Resolvable } from "did-resolver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { type DocumentRequirements, requireDocument } from "../../../src/auth/policies/document.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { toFailure } from "../../../src/http/denial.ts";
import { type DocumentStage, type PublishedOrganization, startDocumentStage } from "../../support/document-stage.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { type RpcCounter, startRpcCounter } from "../../support/rpc-counter.ts";

const COUNTRY = "/legalEntity/registeredAddress/country";
const MEMBERS = {
	legalEntity: {
		legalName: "Hotel Alpenblick",
		registeredAddress: { country: "AT" },
		locations: ["Innsbruck"],
		employees: 12,
	},
	big: 1,
};

let stage: DocumentStage;
let hotel: PublishedOrganization;
let counter: RpcCounter;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass", "orgid-v3"]);
	counter = await startRpcCounter(stage.network.rpcUrl);
	hotel = await stage.create("orgpass", { members: MEMBERS });
});
afterAll(async () => {
	await counter.close();
	await stage.close();
});

function policyWith(resolver: Resolvable, options: Partial<DocumentRequirements> = {}) {
	return requireDocument({ resolver, pointer: COUNTRY, value: "AT", ...options });
}

async function verified(organization = hotel, resolver = stage.resolver(organization.kind)) {
	return { resolver, token: await stage.verify(organization.mint(), resolver) };
}

/** Expects both the policy and its inversion to refuse. */
async function expectUndecided(
	run: (policy: ReturnType<typeof requireDocument>) => unknown,
	resolver: Resolvable,
	code: ErrorCode,
) {
	const policy = policyWith(resolver);
	await expectRefusal(() => run(not(policy)), code);
	return expectRefusal(() => run(policy), code);
}

describe("requireDocument", () => {
	it.each<[string, DocumentRequirements["value"]]>([
		[COUNTRY, "AT"],
		[COUNTRY, ["DE", "AT"]],
		["/legalEntity/employees", 12],
		["/legalEntity/employees", [null, false, 12]],
		["/big", [1]],
	])("accepts an organization whose document has at %s a value among %j", async (pointer, value) => {
		const { resolver, token } = await verified();
		await policyWith(resolver, { pointer, value })(token);
		const error = await expectRefusal(() => not(policyWith(resolver, { pointer, value }))(token), "policy/excluded");
		expect(toFailure(error).status).toBe(403);
	});

	it.each<[string, DocumentRequirements["value"]]>([
		[COUNTRY, "DE"],
		[COUNTRY, ["at", "AT "]],
		["/legalEntity/employees", ["12", true]],
		["/legalEntity", ["[object Object]", "", true]],
		["/legalEntity/locations", ["Innsbruck", ""]],
	])("refuses one whose document has at %s no value among %j; not() accepts it", async (pointer, value) => {
		const { resolver, token } = await verified();
		const policy = policyWith(resolver, { pointer, value });
		const error = await expectRefusal(() => policy(token), "policy/document-field");
		expect(error.details).toEqual({ pointer, isMissing: false });
		expect(toFailure(error)).toMatchObject({ status: 403, error: "insufficient_scope" });
		await not(policy)(token);
	});

	it.each([
		"/legalEntity/locations/1",
		"/legalEntity/locations/length",
		"/legalEntity/legalName/length",
		"/legalEntity/constructor/name",
		"/__proto__",
		"/nothing",
	])("refuses one whose document has nothing at %s, and so does not()", async (pointer) => {
		const { resolver, token } = await verified();
		const policy = policyWith(resolver, { pointer, value: ["Object", 1, null] });
		const error = await expectRefusal(() => policy(token), "policy/document-field");
		expect(error.details).toEqual({ pointer, isMissing: true });
		await expectRefusal(() => not(policy)(token), "policy/document-field");
	});

	it("makes no request for an organization that was just verified by its document", async () => {
		const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address("orgpass") }];
		const { resolver, token } = await verified(hotel, stage.resolver("orgpass", { networks }));
		const [rpc, documents] = [counter.requests(), stage.server.requests()];
		for (let i = 0; i < 10; i++) await policyWith(resolver)(token);
		expect([counter.requests(), stage.server.requests()]).toEqual([rpc, documents]);
	});

	it("decides in a verifier's order, and follows the document after a change", async () => {
		const inn = await stage.create("orgpass", { members: MEMBERS });
		const { resolver, token } = await verified(inn);
		await policyWith(resolver)(token);
		await inn.publish({ members: { legalEntity: { registeredAddress: { country: "DE" } } } });
		await policyWith(resolver)(token);
		resolver.invalidate(inn.did);
		await expectRefusal(() => policyWith(resolver)(token), "policy/document-field");
	});

	it("refuses an organization without a document, and so does not()", async () => {
		const { did, orgId } = await stage.registry("orgpass").createOrganization();
		const organization = policyRecord({ did, orgId, registry: stage.address("orgpass") });
		const token = policyToken({ issuer: did, organization });
		await expectUndecided((policy) => policy(token), stage.resolver("orgpass"), "policy/document-missing");
	});

	it("refuses a document that its resolver doesn't load", async () => {
		const { token } = await verified();
		const resolver = stage.resolver("orgpass", { documents: false });
		await expectUndecided((policy) => policy(token), resolver, "policy/document-missing");
	});

	it("refuses a document that isn't the one on chain, and says why", async () => {
		const inn = await stage.create("orgpass", { members: MEMBERS });
		const { token } = await verified(inn);
		inn.serve(await inn.compose({ members: { ...MEMBERS, forged: true } }));
		const error = await expectUndecided(
			(policy) => policy(token),
			stage.resolver("orgpass"),
			"policy/document-invalid",
		);
		expect(error.details).toEqual({ reason: "document/hash-mismatch" });
		expect(toFailure(error).status).toBe(403);
	});

	it("refuses a document whose credential has expired", async () => {
		const { now } = stage.clock;
		const sign = { now: now - 7_200, expiresAt: now - 3_600 };
		const inn = await stage.create("orgid-v3", { members: MEMBERS, sign });
		const organization = await stage.registry("orgid-v3").read(inn.orgId);
		const token = policyToken({ issuer: inn.did, ...(organization && { organization }) });
		const error = await expectUndecided(
			(policy) => policy(token),
			stage.resolver("orgid-v3"),
			"policy/document-invalid",
		);
		expect(error.details).toEqual({ reason: "document/expired" });
		const valid = await stage.create("orgid-v3", { members: MEMBERS });
		await policyWith(stage.resolver("orgid-v3"))((await verified(valid)).token);
	});

	it.each([
		[404, "policy/document-invalid", 403],
		[503, "document/unreachable", 503],
	] as const)("doesn't accept while the host responds with %i: %s", async (served, code, status) => {
		const inn = await stage.create("orgpass", { members: MEMBERS });
		const { token } = await verified(inn);
		inn.serve("", served);
		const error = await expectUndecided((policy) => policy(token), stage.resolver("orgpass"), code);
		expect(toFailure(error).status).toBe(status);
	});

	it("is an outage while the node is down", async () => {
		const { token } = await verified();
		const networks = [{ chainId: 31337, rpcUrl: "http://127.0.0.1:1", registry: stage.address("orgpass") }];
		const resolver = stage.resolver("orgpass", { networks });
		const error = await expectUndecided((policy) => policy(token), resolver, "registry/unreachable");
		expect(toFailure(error).status).toBe(503);
	});

	it("refuses an organization that has been deactivated meanwhile", async () => {
		const inn = await stage.create("orgpass", { members: MEMBERS });
		const { token } = await verified(inn);
		await stage.registry("orgpass").setActive(inn.orgId, false);
		await expectUndecided((policy) => policy(token), stage.resolver("orgpass"), "did/deactivated");
	});
});
