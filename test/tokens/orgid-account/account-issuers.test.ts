/** Who must have signed an account's token, in the words of errors; and which accounts may. */
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import {
	AUDIENCE,
	accountResolver,
	CHAIN_ID,
	claimsOf,
	DID,
	DIRECTOR,
	documentOf,
	forgeAccountToken,
	headerOf,
	OWNER,
	profileOf,
	recordOf,
	STRANGER,
	verifierOf,
} from "../../support/account-stage.ts";
import { withSignature } from "../../support/forge-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const ZERO = `0x${"00".repeat(20)}`;
const node = {
	request: async ({ method }: { method: string }) => (method === "eth_chainId" ? "0x7a69" : `0x${"00".repeat(31)}01`),
};

describe("the error for a signature of nobody", () => {
	it.each([
		["orgid-account", `${DID}#owner`],
		["orgid-eth", `the owner or accepted director of ${DID}`],
		["orgid-eip712", `${DID}#wallet`],
	] as const)("of the kind %s names %s, and the node that would be needed for a contract", async (kind, signer) => {
		const token = await forgeAccountToken(kind, { signer: STRANGER });
		const without = await expectRefusal(() => verifierOf(kind).verify(token), "token/signature");
		expect(without.message).toBe(
			`expected the signature of ${signer} (contract accounts need providers[${CHAIN_ID}]), got another one`,
		);
		const verifier = verifierOf(kind, {}, { providers: { [CHAIN_ID]: node } });
		const { message } = await expectRefusal(() => verifier.verify(token), "token/signature");
		expect(message).toBe(`expected the signature of ${signer}, got another one`);
	});
});

describe("an orgid-eth token", () => {
	const keyIdOf = async (record: object, signer = OWNER): Promise<string> => {
		const verifier = verifierOf("orgid-eth", {}, { resolver: accountResolver(record) });
		return (await verifier.verify(await forgeAccountToken("orgid-eth", { signer }))).keyId;
	};

	it("is signed by the owner, or the director", async () => {
		expect(await keyIdOf(recordOf())).toBe(`${DID}#owner`);
		expect(await keyIdOf(recordOf(), DIRECTOR)).toBe(`${DID}#director`);
		expect(await keyIdOf(recordOf({ director: OWNER.address }))).toBe(`${DID}#owner`);
		expect(await keyIdOf(recordOf({ owner: ZERO }), DIRECTOR)).toBe(`${DID}#director`);
		expect(await keyIdOf(recordOf({ director: undefined }))).toBe(`${DID}#owner`);
	});

	it.each([{ director: undefined }, { director: ZERO }, { director: STRANGER.address }])(
		"isn't signed by someone who isn't one of them: %o",
		async (members) => {
			await expectRefusal(() => keyIdOf(recordOf(members), DIRECTOR), "token/signature");
		},
	);
});

describe("an orgid-account token", () => {
	it("of a director is refused if there is none", async () => {
		const header = headerOf("orgid-account", { kid: `${DID}#director` });
		const token = await forgeAccountToken("orgid-account", { header, signer: DIRECTOR });
		expect((await verifierOf("orgid-account").verify(token)).keyId).toBe(`${DID}#director`);
		for (const director of [undefined, ZERO]) {
			const resolver = accountResolver(recordOf({ director }));
			await expectRefusal(() => verifierOf("orgid-account", {}, { resolver }).verify(token), "did/key-not-found");
		}
	});

	it.each([undefined, 5, [DID]])("with the iss %j and any kid is refused before it is looked up", async (iss) => {
		for (const kid of [`${iss}#owner`, `${iss}#director`, undefined]) {
			const resolver = accountResolver();
			const forgery = { header: headerOf("orgid-account", { kid }), payload: claimsOf("orgid-account", { iss }) };
			const token = await forgeAccountToken("orgid-account", forgery);
			await expectRefusal(
				() => verifierOf("orgid-account", {}, { resolver }).verify(token),
				["token/key-id", "token/issuer"],
			);
			expect(resolver.calls()).toBe(0);
		}
	});

	it("needs a kid, and iat unless the profile says otherwise", async () => {
		const header = headerOf("orgid-account", { kid: undefined });
		const token = await forgeAccountToken("orgid-account", { header });
		await expectRefusal(() => verifierOf("orgid-account").verify(token), "token/key-id");
		const payload = claimsOf("orgid-account", { iat: undefined });
		const without = await forgeAccountToken("orgid-account", { payload });
		await expectRefusal(() => verifierOf("orgid-account").verify(without), "token/claim-missing");
		const lenient = verifierOf("orgid-account", {}, { requireIssuedAt: false });
		expect((await lenient.verify(without)).issuer).toBe(DID);
	});
});

describe("an orgid-eip712 token", () => {
	it("needs its kid", async () => {
		const token = await forgeAccountToken("orgid-eip712", { header: headerOf("orgid-eip712", { kid: undefined }) });
		await expectRefusal(() => verifierOf("orgid-eip712").verify(token), "token/key-id");
	});

	it("names the chain of an account that is on another one", async () => {
		const document = documentOf({}, { blockchainAccountId: `eip155:1:${OWNER.address}` });
		const resolver = accountResolver(recordOf(), document);
		const token = await forgeAccountToken("orgid-eip712");
		const verifier = verifierOf("orgid-eip712", {}, { resolver });
		const { details } = await expectRefusal(() => verifier.verify(token), "did/document-invalid");
		expect(details).toEqual({ chainId: 1 });
	});

	it("has the record of its organization, if the resolver has it", async () => {
		const verified = await verifierOf("orgid-eip712").verify(await forgeAccountToken("orgid-eip712"));
		expect(verified.organization).toEqual(recordOf());
		expect((await verifierOf("orgid-eth").verify(await forgeAccountToken("orgid-eth"))).organization).toEqual(
			recordOf(),
		);
	});
});

it("an account that is a contract signs if it says so, the owner before the director; an empty signature is nobody's", async () => {
	const asked: string[] = [];
	let answer = 2;
	const request = async ({ method, params }: { method: string; params?: unknown }) => {
		if (method === "eth_chainId") return "0x7a69";
		const [{ data }] = params as [{ data: string }];
		asked.push([OWNER, DIRECTOR].find(({ address }) => data.includes(address.slice(2).toLowerCase()))?.address ?? "");
		return `0x${(asked.length === 1 ? answer : 2).toString(16).padStart(64, "0")}`;
	};
	const profiles = [profileOf("orgid-eth", { providers: { [CHAIN_ID]: { request } }, audience: AUDIENCE })];
	const token = withSignature(await forgeAccountToken("orgid-eth"), Uint8Array.of(1, 2, 3));
	expect((await createVerifier({ profiles }).verify(token)).keyId).toBe(`${DID}#owner`);
	expect(asked).toEqual([OWNER.address]);
	asked.length = 0;
	answer = 1;
	const again = withSignature(token, Uint8Array.of(1, 2, 4));
	expect((await createVerifier({ profiles }).verify(again)).keyId).toBe(`${DID}#director`);
	expect(asked).toEqual([OWNER.address, DIRECTOR.address]);
	asked.length = 0;
	await expectRefusal(
		() => createVerifier({ profiles }).verify(withSignature(token, new Uint8Array())),
		"token/signature",
	);
	expect(asked).toEqual([]);
});
