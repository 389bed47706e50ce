import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { parseDidUrl } from "../../src/did/did-url.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { expectRefusal } from "../support/refusal.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

const HEX = "0a".repeat(32);
const ID = `0x${HEX}`;

/** Never a DID URL, whatever reads it. */
const BAD_SYNTAX: readonly [what: string, text: string][] = [
	["an empty chain", `did:orgid::${ID}#key1`],
	["two ids", `did:orgid:1:${ID}${ID}#key1`],
	["two ids with a colon", `did:orgid:1:${ID}:${ID}#key1`],
	["two chains", `did:orgid:1:2:${ID}#key1`],
	["63 digits", `did:orgid:1:0x${HEX.slice(1)}#key1`],
	["65 digits", `did:orgid:1:${ID}a#key1`],
	["no digits", "did:orgid:1:0x#key1"],
	["no #", `did:orgid:1:${ID}key1`],
	["an empty fragment", `did:orgid:1:${ID}#`],
	["two #", `did:orgid:1:${ID}##key1`],
	["two fragments", `did:orgid:1:${ID}#key1#key1`],
	["a fragment with dots", `did:orgid:1:${ID}#.*`],
	["a fragment with a slash", `did:orgid:1:${ID}#key/1`],
	["a percent-encoded fragment", `did:orgid:1:${ID}#key%31`],
	["a fragment with a space", `did:orgid:1:${ID}#key 1`],
	["a fragment of 65 characters", `did:orgid:1:${ID}#${"k".repeat(65)}`],
	["a non-ASCII fragment", `did:orgid:1:${ID}#ke\u0443`],
	["a query", `did:orgid:1:${ID}?versionId=1#key1`],
	["a path", `did:orgid:1:${ID}/path#key1`],
	["a parameter", `did:orgid:1:${ID};service=x#key1`],
	["leading text", `x did:orgid:1:${ID}#key1`],
	["a leading space", ` did:orgid:1:${ID}#key1`],
	["trailing text", `did:orgid:1:${ID}#key1 x`],
	["a trailing line feed", `did:orgid:1:${ID}#key1\n`],
	["an embedded line feed", `did:orgid:1:\n${ID}#key1`],
	["a carriage return", `did:orgid:1:${ID}\r#key1`],
	["NUL", `did:orgid:1:${ID}#key1\u0000`],
	["a Cyrillic o", `did:\u043ergid:1:${ID}#key1`],
	["a full-width colon", `did\uff1aorgid:1:${ID}#key1`],
	["a right-to-left mark", `did:orgid:1:\u200f${ID}#key1`],
	["Arabic digits", `did:orgid:\u0661:${ID}#key1`],
	["full-width digits in the id", `did:orgid:1:0x${"\uff11".repeat(64)}#key1`],
	["a chain id of zero", `did:orgid:0:${ID}#key1`],
	["a chain id with a leading zero", `did:orgid:01:${ID}#key1`],
	["a chain id with a plus sign", `did:orgid:+1:${ID}#key1`],
	["a negative chain id", `did:orgid:-1:${ID}#key1`],
	["a hexadecimal chain id", `did:orgid:0x1:${ID}#key1`],
	["a chain id with an exponent", `did:orgid:1e3:${ID}#key1`],
	["a chain id above 2^53", `did:orgid:9007199254740993:${ID}#key1`],
	["an id that starts with 10x", `did:orgid:1${ID}#key1`],
	["no 0x", `did:orgid:1:${HEX}#key1`],
	["0X", `did:orgid:1:0X${HEX}#key1`],
	["another method", `did:ethr:1:${ID}#key1`],
	["DID in upper case", `DID:orgid:1:${ID}#key1`],
	["ORGID in upper case", `did:ORGID:1:${ID}#key1`],
	["no method", `did:1:${ID}#key1`],
	["a letter that isn't a hex digit", `did:orgid:1:0x${HEX.slice(1)}g#key1`],
];

describe("T33: text that isn't a key's DID URL", () => {
	it.each(BAD_SYNTAX)("T33: %s is rejected by parseDidUrl and as iss", async (_what, iss) => {
		await expectRefusal(() => parseDidUrl(iss), "did/syntax");
		for (const header of [{ alg: "ES256K" }, { alg: "ES256K", kid: iss }]) {
			await stage.refuse(await stage.forge({ header, payload: stage.claims({ iss }) }), "token/issuer", 0);
		}
	});

	it("T33: a missing chain is rejected unless a default is set", async () => {
		const iss = stage.sender.issuer.replace("31337:", "");
		const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
		await stage.refuse(token, "did/chain-missing", 0);
		const verifier = stage.verifierWith({}, { defaultChainId: 31_337 });
		const { issuer, keyId, claims } = await verifier.verify(token);
		expect([issuer, keyId]).toEqual([stage.sender.did, stage.sender.issuer]);
		expect(claims["iss"]).toBe(iss);
	});

	it.each(["xwebserver", "webserve", "ebserver", "WEBSERVER", "Webserver", "webserver-1", "0"])(
		"T33: the fragment %s doesn't match the key webserver",
		async (fragment) => {
			const iss = `${stage.sender.did}#${fragment}`;
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
			await stage.refuse(token, "did/key-not-found", 1);
		},
	);

	it("T33: a key isn't found by the end of its fragment", async () => {
		const { sender, receiver, network } = stage;
		const document = documentWith(sender.did, sender.key.publicKey);
		const [method] = document.verificationMethod ?? [];
		for (const id of ["#xkey1", "#key1x", "#KEY1", "#key", "#key%31", "", "#", "#key1#", "/#key1"]) {
			const methods = [{ ...method, id: `${sender.did}${id}` }] as typeof document.verificationMethod;
			const resolver = resolverOf({ [sender.did]: { ...document, verificationMethod: methods ?? [] } });
			const profiles = [orgid({ audience: receiver.did, resolver })];
			const verifier = createVerifier({ profiles, now: network.now });
			const payload = stage.claims({ iss: `${sender.did}#key1` });
			const token = await stage.forge({ header: { alg: "ES256K" }, payload });
			await expectRefusal(() => verifier.verify(token), "did/key-not-found");
		}
	});
});

describe("T34: upper-case hex", () => {
	it.each<[string, (did: string) => string]>([
		["upper case", (did) => did.replace(/0x.*/, (id) => `0x${id.slice(2).toUpperCase()}`)],
		["mixed case", (did) => did.replace(/[a-f](?=[^a-f]*$)/, (digit) => digit.toUpperCase())],
		["0X", (did) => did.replace("0x", "0X")],
	])("T34: %s in iss, aud or the document is rejected", async (_what, change) => {
		const { sender, receiver, network } = stage;
		expect(change(sender.did)).not.toBe(sender.did);
		const iss = `${change(sender.did)}#webserver`;
		const byIssuer = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
		await stage.refuse(byIssuer, "token/issuer", 0);
		const byAudience = await stage.forge({ payload: stage.claims({ aud: change(receiver.did) }) });
		await stage.refuse(byAudience, "token/audience", 0);

		const document = documentWith(sender.did, sender.key.publicKey);
		const changed = documentWith(change(sender.did), sender.key.publicKey);
		for (const [didDocument, code] of [
			[{ ...document, id: changed.id }, "did/document-invalid"],
			[{ ...document, verificationMethod: changed.verificationMethod }, "did/key-not-found"],
		] as const) {
			const resolver = resolverOf({ [sender.did]: didDocument as typeof document });
			const profiles = [orgid({ audience: receiver.did, resolver })];
			const verifier = createVerifier({ profiles, now: network.now });
			const token = await stage.forge();
			await expectRefusal(() => verifier.verify(token), code);
		}
	});
});

describe("T35: the wrong chain", () => {
	it("T35: an issuer on an unconfigured chain is rejected without a request", async () => {
		const { network, receiver, sender } = stage;
		const rpc = await startRpcCounter(network.rpcUrl);
		const registry = network.registry.address;
		const networks = [{ chainId: 31_337, rpcUrl: rpc.url, registry }];
		const resolver = createOrgIdResolver({ networks });
		const profiles = [orgid({ audience: receiver.did, resolver })];
		const verifier = createVerifier({ profiles, now: network.now });
		const iss = sender.issuer.replace("31337", "1");
		const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
		await expectRefusal(() => verifier.verify(token), "did/chain-unknown");
		expect(rpc.requests()).toBe(0);
		const good = await stage.forge();
		expect((await verifier.verify(good)).issuer).toBe(sender.did);
		expect(rpc.requests()).toBeGreaterThan(0);
		resolver.close();
		await rpc.close();
	});

	it("T35: a node of another chain, or an address without code, is an error and not an unknown organization", async () => {
		const { network, receiver, sender } = stage;
		const stranger = `0x${"11".repeat(20)}`;
		const cases = [
			[1, network.registry.address, "registry/wrong-chain"],
			[31_337, stranger, "registry/no-contract"],
		] as const;
		for (const [chainId, registry, code] of cases) {
			const resolver = createOrgIdResolver({ networks: [{ chainId, rpcUrl: network.rpcUrl, registry }] });
			const profiles = [orgid({ audience: receiver.did, resolver })];
			const verifier = createVerifier({ profiles, now: network.now });
			const iss = sender.issuer.replace("31337", String(chainId));
			const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
			await expectRefusal(() => verifier.verify(token), code);
			resolver.close();
		}
	});
});
