import { hashMessage, SigningKey, Wallet } from "ethers";
import { beforeAll, describe, expect, it } from "vitest";
import { parseProof, toTypedDigest } from "../../../src/document/credential/credential-proof.ts";
import { inspectDocument, verifyDocument } from "../../../src/document/inspect-document.ts";
import { encodeHex } from "../../../src/encoding/hex.ts";
import type { OrgRecord } from "../../../src/registry/org-record.ts";
import { bytesOf, did, owner, proofContext, signedBytes } from "../../support/org-documents.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { thorough } from "../../support/thorough.ts";
import { describeWithVectors } from "../../vectors.ts";

type Json = Record<string, unknown>;
interface Credential extends Json {
	readonly proof: { readonly jws: string; readonly verificationMethod: string } & Json;
}

const b64u = (text: string): string => Buffer.from(text).toString("base64url");
const context = proofContext();

function refused(credential: object): Promise<unknown> {
	return expectRefusal(() => verifyDocument(bytesOf(credential), context), "document/proof-invalid");
}

/** A credential with another jws, signed or not. */
function withJws(credential: Credential, jws: string): Credential {
	return { ...credential, proof: { ...credential.proof, jws } };
}

interface Vectors {
	readonly vc: { readonly signer: string; readonly digest: string };
}

describeWithVectors<Vectors>("the credential of formats.json", "formats.json", ({ vc }) => {
	describeWithVectors<Credential>("as the SDK signed it", "orgjson-vc-1x.json", (credential) => {
		const { credentialSubject } = credential as unknown as { credentialSubject: { id: string } };
		const record: OrgRecord = {
			...context.record,
			did: credentialSubject.id,
			orgId: credentialSubject.id.split(":")[3] as `0x${string}`,
			chainId: 1337,
			owner: vc.signer as `0x${string}`,
		};
		const vectorContext = { record, now: 1_795_300_000 };
		const isAccepted = async (value: object): Promise<boolean> =>
			(await inspectDocument(bytesOf(value), vectorContext)).ok;

		it("is valid, and its digest matches the vector", async () => {
			const { signingInput } = parseProof(credential);
			expect(encodeHex(toTypedDigest(Buffer.from(signingInput).toString()))).toBe(vc.digest);
			const report = await inspectDocument(bytesOf(credential), vectorContext);
			expect(report).toMatchObject({
				ok: true,
				credential: { issuer: record.did, signer: "owner", validFrom: 1795199502.491 },
			});
		});

		it("is rejected if any character of the jws is changed", async () => {
			const { jws } = credential.proof;
			let accepted = 0;
			for (let at = 0; at < jws.length; at += thorough(1, 5)) {
				const other = jws[at] === "A" ? "B" : "A";
				const changed = withJws(credential, jws.slice(0, at) + other + jws.slice(at + 1));
				if (await isAccepted(changed)) accepted++;
			}
			expect(accepted).toBe(0);
			for (const text of [jws.slice(0, -1), `${jws}A`, `${jws}=`, `${jws}.`, ` ${jws}`, `${jws}\n`]) {
				expect(await isAccepted(withJws(credential, text))).toBe(false);
			}
		});

		it("is rejected if any signed member is changed, removed, added or moved", async () => {
			const paths = pathsOf(credential).filter(([first]) => first !== "proof");
			expect(paths.length).toBeGreaterThan(30);
			for (const path of paths) {
				expect(await isAccepted(changedAt(credential, path)), path.join(".")).toBe(false);
				expect(await isAccepted(withoutAt(credential, path)), path.join(".")).toBe(false);
			}
			const { issuer, ...rest } = credential;
			expect(await isAccepted({ ...rest, issuer })).toBe(false);
			expect(await isAccepted({ ...credential, more: 1 })).toBe(false);
		});

		it("is accepted with any white space and the proof in any position", async () => {
			const { proof, ...rest } = credential;
			expect(await isAccepted({ proof, ...rest })).toBe(true);
			const pretty = bytesOf(JSON.stringify(credential, null, "\t"));
			expect((await inspectDocument(pretty, vectorContext)).ok).toBe(true);
		});
	});
});

describe("parseProof", () => {
	let credential: Credential;
	beforeAll(async () => {
		credential = JSON.parse(Buffer.from(await signedBytes()).toString()) as Credential;
	});

	it("requires a proof", async () => {
		const { proof: _, ...unsigned } = credential;
		await expectRefusal(() => verifyDocument(bytesOf(unsigned), context), "document/proof-missing");
	});

	it.each<[string, unknown]>([
		["null", null],
		["a string", "x"],
		["an array", []],
		["an empty object", {}],
	])("rejects a proof that is %s", async (_what, proof) => {
		await refused({ ...credential, proof });
	});

	it.each<[string, Json]>([
		["a type of the other proof", { type: "EcdsaSecp256k1Signature2019" }],
		["an unknown type", { type: "Ed25519Signature2018" }],
		["a property name of Object.prototype as its type", { type: "toString" }],
		["another purpose", { proofPurpose: "authentication" }],
		["no purpose", { proofPurpose: undefined }],
		["an invalid date", { created: "yesterday" }],
		["another key", { verificationMethod: `${did}#owner2` }],
		["no key", { verificationMethod: undefined }],
		["a jws that isn't a string", { jws: [] }],
		["an empty jws", { jws: "" }],
		["an unknown member", { challenge: "x" }],
	])("rejects a proof with %s", async (_what, members) => {
		await refused({ ...credential, proof: { ...credential.proof, ...members } });
	});

	it("rejects two proofs", async () => {
		await refused({ ...credential, proof: [credential.proof, credential.proof] });
	});

	it.each<[string, (kid: string) => string]>([
		["no kid", () => '{"alg":"ES256","typ":"JWT"}'],
		["another kid", () => `{"alg":"ES256","kid":"${did}#other","typ":"JWT"}`],
		["another algorithm", (kid) => `{"alg":"none","kid":"${kid}","typ":"JWT"}`],
		["another type", (kid) => `{"alg":"ES256","kid":"${kid}","typ":"JWS"}`],
		["another order", (kid) => `{"typ":"JWT","alg":"ES256","kid":"${kid}"}`],
		["white space", (kid) => `{"alg": "ES256","kid":"${kid}","typ":"JWT"}`],
		["a duplicate", (kid) => `{"alg":"ES256","alg":"ES256","kid":"${kid}","typ":"JWT"}`],
		["crit", (kid) => `{"alg":"ES256","kid":"${kid}","typ":"JWT","crit":["x"]}`],
	])("rejects a signed header with %s", async (_what, headerOf) => {
		await refused(await signAgain(credential, headerOf(credential.proof.verificationMethod)));
	});

	it("rejects a signed payload that isn't the document", async () => {
		const { proof: _, ...unsigned } = credential;
		const text = JSON.stringify(unsigned);
		for (const payload of [`${text} `, JSON.stringify(unsigned, null, 1), text.replace("{", '{"id":"x",'), "{}"]) {
			await refused(await signAgain(credential, undefined, payload));
		}
		const again = await signAgain(credential);
		expect((await verifyDocument(bytesOf(again), context)).credential?.signer).toBe("owner");
	});

	it.each<[string, (signature: string) => string]>([
		["raw bytes", (hex) => Buffer.from(hex.slice(2), "hex").toString("base64url")],
		["upper-case digits", (hex) => b64u(`0x${hex.slice(2).toUpperCase()}`)],
		["no 0x", (hex) => b64u(hex.slice(2))],
		["64 bytes", (hex) => b64u(hex.slice(0, -2))],
		["66 bytes", (hex) => b64u(`${hex}1b`)],
		["v 29", (hex) => b64u(`${hex.slice(0, -2)}1d`)],
		["zeros", () => b64u(`0x${"00".repeat(64)}1b`)],
		["no hex digits", () => b64u(`0x${"zz".repeat(65)}`)],
		["padding", (hex) => `${b64u(hex)}=`],
		["bytes that aren't text", () => Buffer.alloc(132, 0xff).toString("base64url")],
		["nothing", () => ""],
	])("rejects a signature in another form: %s", async (_what, form) => {
		const { jws } = credential.proof;
		const last = jws.lastIndexOf(".");
		const hex = Buffer.from(jws.slice(last + 1), "base64url").toString();
		await refused(withJws(credential, `${jws.slice(0, last)}.${form(hex)}`));
	});

	it("accepts what older SDKs signed as ES256K: typed data or a personal message", async () => {
		const header = `{"alg":"ES256K","kid":"${credential.proof.verificationMethod}","typ":"JWT"}`;
		const typed = await signAgain(credential, header);
		const personal = await signAgain(credential, header, undefined, (text) => owner.signMessage(text));
		for (const one of [typed, personal]) expect((await inspectDocument(bytesOf(one), context)).ok).toBe(true);
		// Not the other way round: ES256 was never a personal message.
		await refused(await signAgain(credential, undefined, undefined, (text) => owner.signMessage(text)));
	});

	it("rejects a signature over other typed data, over another hash, or by another account", async () => {
		const key = new SigningKey(owner.privateKey);
		const types = { Payload: [{ name: "payload", type: "string" }] };
		const others: ((text: string) => Promise<string> | string)[] = [
			(payload) => owner.signTypedData({ name: "JWT" }, types, { payload }),
			(payload) => owner.signTypedData({ name: "Verifiable Credential", chainId: 100 }, types, { payload }),
			(payload) => key.sign(hashMessage(`0x${Buffer.from(payload).toString("hex")}`)).serialized,
			(payload) => Wallet.createRandom().signTypedData({ name: "Verifiable Credential" }, types, { payload }),
		];
		for (const sign of others) await refused(await signAgain(credential, undefined, undefined, sign));
	});
});

/** Signs header and payload as given with the owner's account. */
async function signAgain(
	credential: Credential,
	header = `{"alg":"ES256","kid":"${credential.proof.verificationMethod}","typ":"JWT"}`,
	payload?: string,
	sign = (text: string): Promise<string> | string =>
		owner.signTypedData(
			{ name: "Verifiable Credential" },
			{ Payload: [{ name: "payload", type: "string" }] },
			{ payload: text },
		),
): Promise<Credential> {
	const { proof: _, ...unsigned } = credential;
	const input = `${b64u(header)}.${b64u(payload ?? JSON.stringify(unsigned))}`;
	return withJws(credential, `${input}.${b64u(await sign(input))}`);
}

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
	if (typeof value !== "object" || value === null) return [path];
	return Object.entries(value).flatMap(([name, member]) => [
		[...path, name],
		...(typeof member === "object" ? pathsOf(member, [...path, name]) : []),
	]);
}

/** A copy with a text lengthened, or a container replaced, at a path. */
function changedAt(value: object, path: readonly string[]): object {
	return edited(value, path, (parent, name) => {
		parent[name] = typeof parent[name] === "string" ? `${parent[name]}x` : "x";
	});
}

function withoutAt(value: object, path: readonly string[]): object {
	return edited(value, path, (parent, name) => {
		if (Array.isArray(parent)) parent.splice(Number(name), 1);
		else delete parent[name];
	});
}

function edited(value: object, path: readonly string[], edit: (parent: Json, name: string) => void): object {
	const copy = structuredClone(value) as Json;
	let parent = copy;
	for (const name of path.slice(0, -1)) parent = parent[name] as Json;
	edit(parent, path.at(-1) as string);
	return copy;
}
