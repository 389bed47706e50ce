import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDidUrl } from "../../src/did/did-url.ts";
import { parseOrgJson } from "../../src/document/org-json.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { toDidDocument } from "../../src/resolver/did-document.ts";
import { SCALAR_HEX, UNCOMPRESSED_HEX } from "../keys/sample-keys.ts";

const hex = (length: number) =>
	fc
		.uint8Array({ minLength: length, maxLength: length })
		.map((bytes) => `0x${Buffer.from(bytes).toString("hex")}` as const);
const fragments = fc.uniqueArray(fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/), { maxLength: 32 });

const records = fc
	.record({
		chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
		orgId: hex(32),
		owner: hex(20),
		director: fc.option(hex(20), { nil: undefined }),
		names: fragments,
	})
	.map(({ chainId, orgId, owner, director, names }): OrgRecord => {
		const times = { validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0 };
		const keys = names.map((fragment) => ({
			fragment,
			publicKeyHex: `0x${UNCOMPRESSED_HEX}` as const,
			...times,
		}));
		return {
			...{ did: `did:orgid:${chainId}:${orgId}`, kind: "orgpass", chainId, registry: owner, orgId, owner },
			documentEvidence: "hash",
			...(director === undefined ? {} : { director }),
			...{ active: true, keys, blockNumber: 1, blockTimestamp: 2 },
		};
	});

describe("toDidDocument", () => {
	it("gives every method an id and controller of the document, and authenticates with keys only", () => {
		fc.assert(
			fc.property(records, fc.boolean(), (record, isShort) => {
				const did = isShort ? `did:orgid:${record.orgId}` : record.did;
				const { document } = toDidDocument(record, undefined, did, 0);
				const { id, verificationMethod = [], authentication } = document;
				expect(id).toBe(did);
				const names = record.keys.map(({ fragment }) => fragment);
				const accounts = record.director === undefined ? ["owner"] : ["owner", "director"];
				expect(verificationMethod.map((method) => method.id)).toEqual(
					[...names, ...accounts].map((name) => `${did}#${name}`),
				);
				for (const method of verificationMethod) {
					expect(method.controller).toBe(did);
					expect(parseDidUrl(method.id).orgId).toBe(record.orgId);
				}
				expect(authentication).toEqual(names.map((name) => `${did}#${name}`));
			}),
		);
	});

	it("T91: reads the keys of a document once, however often the DID document is built", () => {
		const [sample] = fc.sample(records, 1);
		if (sample === undefined) expect.fail();
		const { did, chainId, orgId } = sample;
		const ids = Array.from({ length: 20 }, (_, at) => `${did}#document-${at}`);
		const methods = ids.map((id) => ({ id, type: "x", controller: did, publicKeyHex: UNCOMPRESSED_HEX }));
		const json = JSON.stringify({ id: did, verificationMethod: methods, authentication: ids.slice(1) });
		const orgJson = parseOrgJson(new TextEncoder().encode(json), { did, chainId, orgId });
		const built = [1, 2].map((now) => toDidDocument({ ...sample, keys: [] }, { orgJson }, did, now).withheld);
		const [first, second] = built.map((withheld) => withheld?.verificationMethod.find(({ id }) => id === ids[0]));
		expect(first).toBe(orgJson.methods[0]);
		expect(second).toBe(first);
	});

	it("writes keys as JWKs and accounts as eip155 account ids", () => {
		const [record] = fc.sample(
			records.filter(({ director, keys }) => !!director && keys.length > 0),
			1,
		);
		if (record === undefined) expect.fail();
		const { verificationMethod = [] } = toDidDocument(record, undefined, record.did, 0).document;
		const key = verificationMethod[0];
		expect(key?.type).toBe("EcdsaSecp256k1VerificationKey2019");
		expect(exportPublicKey(importPublicKey(key?.publicKeyJwk as never), "hex")).toBe(`0x${UNCOMPRESSED_HEX}`);
		expect(verificationMethod.slice(-2)).toMatchObject([
			{ blockchainAccountId: `eip155:${record.chainId}:${record.owner}` },
			{ blockchainAccountId: `eip155:${record.chainId}:${record.director}` },
		]);
		for (const { type } of verificationMethod.slice(-2)) expect(type).toBe("EcdsaSecp256k1RecoveryMethod2020");
		expect(JSON.stringify(verificationMethod)).not.toContain(SCALAR_HEX);
	});

	it("is deeply frozen", () => {
		const [record] = fc.sample(
			records.filter(({ keys }) => keys.length > 0),
			1,
		);
		if (record === undefined) expect.fail();
		const seen: unknown[] = [toDidDocument(record, undefined, record.did, 0)];
		for (const value of seen) {
			if (typeof value !== "object" || value === null) continue;
			expect(Object.isFrozen(value)).toBe(true);
			seen.push(...Object.values(value));
		}
		expect(seen.length).toBeGreaterThan(10);
	});
});
