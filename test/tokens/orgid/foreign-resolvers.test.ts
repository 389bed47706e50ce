import { type DIDResolutionResult, Resolver } from "did-resolver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { resolutionError } from "../../../src/tokens/orgid/resolution-error.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { documentWith, failureOf, resolverOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { type ChainStage, startChainStage } from "../../support/token-stage.ts";

let stage: ChainStage;
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

const verifierOn = (resolver: Parameters<typeof resolverWith>[0]): Verifier =>
	stage.verifierWith({}, { resolver: resolver as never });

describe("a caller's Resolvable", () => {
	it("can be did-resolver's with our plugin, and returns the organization", async () => {
		const verifier = verifierOn(new Resolver({ ...stage.network.resolver.plugin }));
		const { issuer, organization } = await verifier.verify(await stage.forge());
		expect(issuer).toBe(stage.sender.did);
		expect(organization).toMatchObject({ did: stage.sender.did, active: true });
	});

	it("can be did-resolver's, which distinguishes unknown organizations, unknown chains and revoked keys", async () => {
		const verifier = verifierOn(new Resolver({ ...stage.network.resolver.plugin }));
		const codeFor = async (iss: string, code: ErrorCode): Promise<void> => {
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
			await expectRefusal(() => verifier.verify(token), code);
		};
		await codeFor(`did:orgid:31337:0x${"0c".repeat(32)}#webserver`, "did/not-found");
		await codeFor(stage.sender.issuer.replace("31337", "5"), "did/chain-unknown");
		await codeFor(`${stage.sender.did}#nothing`, "did/key-not-found");
	});

	it("fails without our plugin, which isn't an absent organization", async () => {
		const verifier = verifierOn(new Resolver({}));
		const token = await stage.forge();
		const { details } = await expectRefusal(() => verifier.verify(token), "did/resolution");
		expect(details).toEqual({ error: '"unsupportedDidMethod"' });
	});

	it("can be a plain object keyed by bare DID, also deeply frozen", async () => {
		const { did, key } = stage.sender;
		const documents = deepFreeze({ [did]: documentWith(did, key.publicKey) });
		const verifier = verifierOn(resolverOf(documents));
		for (const _ of [1, 2]) expect((await verifier.verify(await stage.forge())).issuer).toBe(did);
		const token = await stage.forge({
			header: { alg: "ES256K" },
			payload: stage.claims({ iss: stage.receiver.issuer }),
			key: stage.receiver.key,
		});
		await expectRefusal(() => verifier.verify(token), "did/not-found");
	});

	it("is called with the bare canonical DID, and the fragment as an option", async () => {
		const asked: unknown[] = [];
		const verifier = stage.verifierWith(
			{},
			{
				defaultChainId: 31_337,
				resolver: {
					resolve: async (did, options) => {
						asked.push([did, options]);
						return stage.resolver.resolve(did, options);
					},
				},
			},
		);
		const iss = stage.sender.issuer.replace("31337:", "");
		await verifier.verify(await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) }));
		expect(asked).toEqual([[stage.sender.did, { fragment: "webserver" }]]);
	});

	it.each<[string, () => Promise<never>]>([
		["rejects", () => Promise.reject(new TypeError("fetch failed"))],
		[
			"throws",
			() => {
				throw new Error("boom");
			},
		],
		["throws a string", () => Promise.reject("boom")],
		["throws undefined", () => Promise.reject(undefined)],
	])("that %s is a failed resolver", async (_what, resolve) => {
		const token = await stage.forge();
		await expectRefusal(() => verifierOn({ resolve }).verify(token), "did/resolution");
	});

	it("that returns notFound means an unknown organization", async () => {
		const token = await stage.forge();
		const verifier = verifierOn(resolverWith(failureOf({ error: "notFound" })));
		await expectRefusal(() => verifier.verify(token), "did/not-found");
	});

	it("that reports a deactivated organization or a revoked key is believed", async () => {
		const { did, key } = stage.sender;
		const document = documentWith(did, key.publicKey);
		const token = await stage.forge();
		const cases: readonly [object, ErrorCode][] = [
			[{ deactivated: true }, "did/deactivated"],
			[{ organization: { did, active: false, keys: [] } }, "did/deactivated"],
			[{ revokedKey: { revokedAt: 5 } }, "did/key-revoked"],
		];
		for (const [metadata, code] of cases) {
			const verifier = verifierOn(resolverWith(resultOf(document, metadata)));
			await expectRefusal(() => verifier.verify(token), code);
		}
	});

	it("T37: with a method marked as revoked rejects it, and one marked as expired once that time is past", async () => {
		const { did, key } = stage.sender;
		const token = await stage.forge();
		const marked = (marks: object): DIDResolutionResult => {
			const document = documentWith(did, key.publicKey);
			const methods = document.verificationMethod?.map((method) => ({ ...method, ...marks }));
			return resultOf({ ...document, ...(methods && { verificationMethod: methods }) });
		};
		const verify = (marks: object) => verifierOn(resolverWith(marked(marks))).verify(token);
		await expectRefusal(() => verify({ revoked: "2020-01-01T00:00:00Z" }), "did/key-revoked");
		await expectRefusal(() => verify({ expires: "1990-01-01T00:00:00Z" }), "did/key-expired");
		await expectRefusal(() => verify({ expires: "soon" }), "did/key-expired");
		expect((await verify({ expires: "2999-01-01T00:00:00Z" })).issuer).toBe(did);
	});

	it("that returns another organization or malformed keys is rejected", async () => {
		const { did, key } = stage.sender;
		const token = await stage.forge();
		const verify = (organization: object) =>
			verifierOn(resolverWith(resultOf(documentWith(did, key.publicKey), { organization }))).verify(token);
		const other = `did:orgid:1:0x${"ff".repeat(32)}`;
		await expectRefusal(() => verify({ did: other, active: true, keys: [] }), "did/document-invalid");
		for (const keys of [[null], [{ fragment: "k" }], [{ fragment: "k", validFrom: 0, validUntil: "abc" }]]) {
			await expectRefusal(() => verify({ did, active: true, keys }), "did/resolution");
		}
	});

	it("whose organization doesn't list the key leaves the decision to the document", async () => {
		const { did, key } = stage.sender;
		const organization = { did, active: true, keys: [{ fragment: "other", validFrom: 0, validUntil: 1 }] };
		const result = resultOf(documentWith(did, key.publicKey), { organization });
		expect((await verifierOn(resolverWith(result)).verify(await stage.forge())).issuer).toBe(did);
	});
});

describe("resolutionError", () => {
	it.each<[Readonly<Record<string, unknown>>, ErrorCode, string]>([
		[{ error: "notFound" }, "did/not-found", 'did:x is refused: "notFound"'],
		[{ error: "invalidDid" }, "did/syntax", 'did:x is refused: "invalidDid"'],
		[{}, "did/resolution", "did:x can't be resolved: nothing"],
		[{ code: "did/not-found", message: "gone" }, "did/not-found", "gone"],
		[{ code: "document/hash-mismatch", message: "bytes" }, "document/hash-mismatch", "bytes"],
		[{ code: "document/expired" }, "document/expired", "the document of did:x is refused"],
		[{ code: "document/unreachable", message: "down" }, "document/unreachable", "down"],
		[{ code: "document/other", error: "x" }, "did/resolution", 'did:x can\'t be resolved: "x"'],
		[{ code: "registry/unreachable", message: "down" }, "registry/unreachable", "down"],
		[{ code: "registry/unreachable" }, "registry/unreachable", "did:x can't be looked up"],
		[{ code: "registry/reverted", message: "x" }, "did/resolution", "x"],
		[{ code: "did/not-found", message: "\u202ex" }, "did/not-found", "\\u202ex"],
		[{ code: "token/expired", message: "x" }, "did/resolution", "x"],
		[{ code: "policy/scope", message: 1 }, "did/resolution", "did:x can't be resolved: nothing"],
		[{ code: "toString", error: "notFound" }, "did/not-found", 'did:x is refused: "notFound"'],
		[{ code: ["did/not-found"], error: "x" }, "did/resolution", 'did:x can\'t be resolved: "x"'],
		[{ code: "did/other", error: "x" }, "did/resolution", 'did:x can\'t be resolved: "x"'],
	])("turns %j into the code %s", (metadata, code, message) => {
		expect(resolutionError(failureOf(deepFreeze({ ...metadata })), "did:x")).toMatchObject({ code, message });
	});
});

it("a verifier for several chains uses one resolver for all of them", async () => {
	const { did, key } = stage.sender;
	const other = did.replace("31337", "5");
	const resolver = resolverOf({
		[did]: documentWith(did, key.publicKey),
		[other]: documentWith(other, key.publicKey),
	});
	const audience = stage.receiver.did;
	const profiles = [orgid({ audience, resolver, chainIds: [5, 31_337] })];
	const verifier = createVerifier({ profiles, now: stage.clock });
	for (const one of [did, other]) {
		const payload = stage.claims({ iss: `${one}#webserver` });
		const token = await stage.forge({ header: { alg: "ES256K" }, payload });
		expect((await verifier.verify(token)).issuer).toBe(one);
	}
});
