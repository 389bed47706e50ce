import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { type OrgIdProfileOptions, orgid } from "../../src/tokens/orgid/orgid.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

type Code = "token/claim-missing" | "token/claim-invalid" | "token/audience";

const WRONG_AUDIENCES: readonly [what: string, audOf: (did: string) => unknown, code: Code][] = [
	["missing", () => undefined, "token/claim-missing"],
	["empty", () => "", "token/audience"],
	["an empty array", () => [], "token/claim-invalid"],
	["null", () => null, "token/claim-invalid"],
	["an array of null", () => [null], "token/claim-invalid"],
	["a number", () => 0, "token/claim-invalid"],
	["true", () => true, "token/claim-invalid"],
	["an object that looks like an array", (did) => ({ 0: did, length: 1 }), "token/claim-invalid"],
	["nested", (did) => [[did]], "token/claim-invalid"],
	["ours and a number", (did) => [did, 1], "token/claim-invalid"],
	["a prefix", (did) => did.slice(0, -1), "token/audience"],
	["ours and more", (did) => `${did}0`, "token/audience"],
	["ours in another case", (did) => did.toUpperCase(), "token/audience"],
	["ours in upper-case hex", (did) => did.replace(/0x.*/, (id) => id.toUpperCase()), "token/audience"],
	["on another chain", (did) => did.replace("31337", "1"), "token/audience"],
	["without the chain", (did) => did.replace("31337:", ""), "token/audience"],
	["with a fragment", (did) => `${did}#webserver`, "token/audience"],
	["with a space", (did) => ` ${did}`, "token/audience"],
	["two audiences in one string", (did) => `${did} ${did}`, "token/audience"],
	["*", () => "*", "token/audience"],
	["others in an array", (did) => [`${did}#webserver`, "https://example.com"], "token/audience"],
];

describe("T31: the audience", () => {
	it.each(WRONG_AUDIENCES)("T31: aud %s is rejected", async (_what, audOf, code) => {
		const token = await stage.forge({ payload: stage.claims({ aud: audOf(stage.receiver.did) }) });
		await stage.refuse(token, code, 0);
	});

	it("T31: the sender's own DID as aud is rejected", async () => {
		const token = await stage.forge({ payload: stage.claims({ aud: stage.sender.did }) });
		await stage.refuse(token, "token/audience", 0);
	});

	it("T31: an array that includes ours is accepted", async () => {
		const { sender, receiver } = stage;
		for (const aud of [[receiver.did], ["https://example.com", receiver.did]]) {
			const { claims } = await stage.verify(await stage.forge({ payload: stage.claims({ aud }) }));
			expect(claims["aud"]).toEqual(aud);
		}
		const both = stage.verifierWith({}, { audience: [sender.did, receiver.did] });
		expect((await both.verify(await stage.forge())).issuer).toBe(sender.did);
	});

	it.each<[string, unknown]>([
		["no audience", undefined],
		["an empty audience", ""],
		["an empty array", []],
		["an array with an empty string", [""]],
		["null", null],
		["a number", 1],
		["true", true],
		["a function", () => true],
	])("T31: a profile with %s can't be created", async (_what, audience) => {
		const options = { audience, resolver: stage.resolver } as OrgIdProfileOptions;
		await expectRefusal(() => orgid(options), "config/invalid-option");
	});

	it("T31: the misspelled option aud is rejected", async () => {
		const options = { audience: stage.receiver.did, aud: "x", resolver: stage.resolver };
		await expectRefusal(() => orgid(options), "config/unknown-option");
	});
});

describe("T32: the issuer", () => {
	it.each<[string, (stage: TokenStage) => unknown]>([
		["missing", () => undefined],
		["null", () => null],
		["a number", () => 31_337],
		["true", () => true],
		["an array", ({ sender }) => [sender.issuer]],
		["an object", ({ sender }) => ({ did: sender.issuer })],
		["empty", () => ""],
		["the bare DID", ({ sender }) => sender.did],
		["a bare fragment", () => "#webserver"],
		["a name", () => "webserver"],
		["a DID of another method", ({ sender }) => sender.issuer.replace("orgid", "ethr")],
		["a URL", () => "https://example.com"],
		["an address", () => `0x${"11".repeat(20)}`],
	])("T32: iss %s is rejected", async (_what, issOf) => {
		const header = stage.header({ kid: undefined });
		const token = await stage.forge({ header, payload: stage.claims({ iss: issOf(stage) }) });
		await stage.refuse(token, "token/issuer", 0);
	});

	it("T32: an iss of another organization than the signer's is rejected", async () => {
		const { receiver, sender } = stage;
		const header = stage.header({ kid: undefined });
		const payload = stage.claims({ iss: receiver.issuer });
		await stage.refuse(await stage.forge({ header, payload, key: sender.key }), "token/signature", 1);
	});

	it("T32: an unknown organization is rejected after one resolver call", async () => {
		const iss = `did:orgid:31337:0x${"0c".repeat(32)}#webserver`;
		const token = await stage.forge({ header: { alg: "ES256K" }, payload: stage.claims({ iss }) });
		await stage.refuse(token, "did/not-found", 1);
	});
});

describe("T58: tokens issued by a bare DID", () => {
	it.each(WRONG_AUDIENCES)("T58: with aud %s they are rejected", async (_what, audOf) => {
		const { sender, receiver } = stage;
		const payload = stage.claims({ iss: sender.did, aud: audOf(receiver.did) });
		for (const kid of [undefined, sender.did]) {
			await stage.refuse(await stage.forge({ header: stage.header({ kid }), payload }), "token/issuer", 0);
		}
	});

	it("T58: even if valid otherwise they are rejected: an account can't sign an ORGiD token", async () => {
		const { sender } = stage;
		const payload = stage.claims({ iss: sender.did });
		const token = await stage.forge({ header: { alg: "ES256K" }, payload });
		await stage.refuse(token, "token/issuer", 0);
		for (const fragment of ["owner", "director"]) {
			const account = await stage.forge({
				header: { alg: "ES256K" },
				payload: stage.claims({ iss: `${sender.did}#${fragment}` }),
			});
			await stage.refuse(account, ["did/key-not-found", "did/document-invalid"]);
		}
	});
});

it("P1: the verifier decides which chains to accept, not the token", async () => {
	const { resolver, receiver, clock } = stage;
	const profiles = [orgid({ audience: receiver.did, resolver, chainIds: [1, 100] })];
	const verifier = createVerifier({ profiles, now: clock });
	resolver.reset();
	const token = await stage.forge();
	const { details } = await expectRefusal(() => verifier.verify(token), "did/chain-unknown");
	expect(details).toEqual({ chainId: 31_337 });
	expect(resolver.calls()).toBe(0);
});
