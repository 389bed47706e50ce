/** Which step an error belongs to, and which steps were passed before it. */
import type { DIDResolutionResult } from "did-resolver";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { registerKnownResolution } from "../../../src/did/known-resolution.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { OrgpassError } from "../../../src/errors/errors.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, CHAIN_ID, DID, OWNER, recordOf } from "../../support/account-stage.ts";
import { issuerWith, verifierOfCustom } from "../../support/custom-kind.ts";
import { outcomesOf, stepOf } from "../../support/explanations.ts";
import { reportingResolver } from "../../support/reporting-resolver.ts";
import { failureOf, methodOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { CURVE_KEY, forgeKind } from "../../support/token-kinds.ts";

const throwing = (error: unknown) => () => {
	throw error;
};
const errorOf = (code: string): OrgpassError => new OrgpassError(code as ErrorCode, "no");

async function explain(result: DIDResolutionResult, record?: object) {
	const resolver = reportingResolver({ result, record });
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
	const seen: unknown[] = [];
	const explanation = await verifier.explain(await forgeKind("orgid"), {}, (step) => seen.push(step));
	expect(seen).toEqual(explanation.steps);
	return explanation;
}

it("a text that is no token is denied at its syntax", async () => {
	const explanation = await verifierOfCustom({}).explain("a.b.c");
	expect(explanation).toMatchObject({ outcome: "denied", step: "syntax", error: { code: "token/malformed" } });
	expect(outcomesOf(explanation)).toEqual(["syntax denied"]);
});

describe("an error of the header and the issuer", () => {
	it.each([
		["token/algorithm", ["header denied"]],
		["token/key-id", ["header denied"]],
		["token/header", ["header denied"]],
		["token/issuer", ["header passed", "issuer denied"]],
		["token/issuer-unknown", ["header passed", "issuer denied"]],
		["token/claim-missing", ["header passed", "issuer denied"]],
		["token/claim-invalid", ["header passed", "issuer denied"]],
		["did/syntax", ["header passed", "issuer denied"]],
		["did/method-unsupported", ["header passed", "issuer denied"]],
		["did/chain-missing", ["header passed", "issuer passed", "chain denied"]],
		["did/chain-unknown", ["header passed", "issuer passed", "chain denied"]],
		["config/invalid-option", ["header failed"]],
	])("%s belongs to the last of these steps: %j", async (code, steps) => {
		const error = errorOf(code);
		const explanation = await verifierOfCustom({ parseIssuer: throwing(error) }).explain(await forgeKind("ioctl"));
		expect(outcomesOf(explanation)).toEqual(["syntax passed", "kind passed", ...steps]);
		expect(explanation.step).toBe(steps.at(-1)?.split(" ")[0]);
		expect(explanation.error).toBe(error);
		expect(explanation.steps.at(-1)).toMatchObject({ error, facts: {} });
	});
});

/** The steps of an organization's look-up that a token passes. */
const [CHAIN, RECORD, STATE] = ["chain passed", "record passed", "organization passed"];

describe("an error of an organization's look-up", () => {
	const record = recordOf();

	it.each([
		["did/chain-unknown", ["chain denied"]],
		["did/not-found", [CHAIN, "record denied"]],
		["registry/unreachable", [CHAIN, "record failed"]],
		["did/resolution", [CHAIN, "record failed"]],
		["did/deactivated", [CHAIN, RECORD, "organization denied"]],
		["did/document-invalid", [CHAIN, RECORD, STATE, "document denied"]],
		["document/hash-mismatch", [CHAIN, RECORD, STATE, "document denied"]],
		["document/unreachable", [CHAIN, RECORD, STATE, "document failed"]],
		["did/key-not-found", [CHAIN, RECORD, STATE, "key denied"]],
		["did/key-revoked", [CHAIN, RECORD, STATE, "key denied"]],
	])("%s belongs to the last of these steps: %j", async (code, steps) => {
		const failure = failureOf({ error: "notFound", code, message: "no" });
		const explanation = await explain(failure, record);
		expect(outcomesOf(explanation).slice(5)).toEqual(steps);
		const last = steps.at(-1)?.split(" ")[0] as string;
		expect(explanation).toMatchObject({ step: last, error: { code }, organization: record });
		expect(explanation.steps.at(-1)?.facts).toEqual(last === "key" ? { keyId: `${DID}#webserver` } : {});
		for (const { name, facts } of explanation.steps) {
			if (name === "chain" && last !== "chain") expect(facts).toEqual({ chainId: CHAIN_ID });
			if (name === "organization" && last !== name) expect(facts).toMatchObject({ owner: OWNER.address });
		}
		const unknown = outcomesOf(await explain(failure)).slice(5);
		expect(unknown).toEqual(steps.filter((step) => step !== RECORD && step !== STATE));
	});

	it("at the key says what became of the document, before it", async () => {
		const failure = failureOf({ error: "notFound", code: "did/key-revoked" });
		const resolver = reportingResolver({ result: failure, record: { ...record, document: { uris: [] } } });
		const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
		const explanation = await verifier.explain(await forgeKind("orgid"));
		expect(outcomesOf(explanation).slice(-2)).toEqual(["document passed", "key denied"]);
	});

	it("a document whose key can't be read is denied, after the record that was found", async () => {
		const method = methodOf(DID, CURVE_KEY.publicKey, {
			publicKeyJwk: { kty: "EC", crv: "secp256k1", x: "AA", y: "AA" },
		});
		const explanation = await explain(
			resultOf({ id: DID, verificationMethod: [method] }, { organization: record }),
			record,
		);
		expect(explanation.error).toMatchObject({ code: "did/document-invalid" });
		expect(outcomesOf(explanation).slice(5)).toEqual([CHAIN, RECORD, STATE, "document denied"]);
	});
});

describe("an error that isn't one of ours", () => {
	it("belongs to the key, also of an organization", async () => {
		const bug = new TypeError("a bug");
		const resolver = resolverWith(undefined);
		registerKnownResolution(resolver, { maxEntries: 1, derive: () => undefined, copy: throwing(bug) });
		const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
		const explanation = await verifier.explain(await forgeKind("orgid"));
		expect(explanation).toMatchObject({ outcome: "failed", step: "key" });
		expect(explanation.error).toBe(bug);
	});

	it("of the keys of an app belongs to the key", async () => {
		for (const code of ["token/issuer-unknown", "did/not-found", "key/unreachable"]) {
			const verifier = verifierOfCustom(issuerWith(throwing(errorOf(code))));
			const explanation = await verifier.explain(await forgeKind("ioctl"));
			expect(explanation).toMatchObject({ step: "key", error: { code } });
			expect(outcomesOf(explanation)).not.toContain("chain passed");
			expect(stepOf(explanation, "key").facts).toEqual({});
		}
	});
});
