import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { toIoAddress } from "../../src/keys/address.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, accountResolver, DID, OWNER } from "../support/account-stage.ts";
import { createMinter } from "../support/minters.ts";
import { expectRefusal } from "../support/refusal.ts";
import { CURVE_KEY, forgeKind, profileOfKind, RSA_KEYS } from "../support/token-kinds.ts";

const ACCOUNT = toIoAddress(CURVE_KEY.publicKey);

/** Issuers of other profiles, as in `VerifiedToken.issuer`, and names that look like them. */
const OTHERS: readonly [string, string][] = [
	["an organization's DID", DID],
	["the DID of its key", `${DID}#webserver`],
	["a DID of another method", "did:web:hotel.example"],
	["an IoTeX account", ACCOUNT],
	["an IoTeX account in upper case", ACCOUNT.toUpperCase()],
	["an Ethereum account", OWNER.address],
	["an Ethereum account in lower case", OWNER.address.toLowerCase()],
];

describe.each(["github-app", "icr-app"] as const)(
	"T9: an app can't have the name of another profile's issuer, %s",
	(kind) => {
		it.each(OTHERS)("T9: rejects %s, even if registered", async (_what, iss) => {
			const profiles = [
				profileOfKind(kind, () => RSA_KEYS.publicKey),
				profileOfKind("ioctl"),
				orgid({ audience: AUDIENCE, resolver: accountResolver() }),
			];
			const token = await forgeKind(kind, { iss });
			await expectRefusal(() => createVerifier({ profiles }).verify(token), "token/claim-invalid");
		});

		it.each(OTHERS)("T9: a minter rejects %s", async (_what, issuer) => {
			await expectRefusal(
				() => createMinter({ profile: kind, key: RSA_KEYS.privateKey, issuer }),
				"config/invalid-option",
			);
		});

		it("T9: accepts names that only look similar", async () => {
			const verifier = createVerifier({ profiles: [profileOfKind(kind, () => RSA_KEYS.publicKey)] });
			for (const iss of [
				"didactic",
				"did",
				"io1",
				"0x",
				"0x12",
				"Iv1.8a61f9b3a7aba766",
				ACCOUNT.slice(0, 40),
				`${ACCOUNT.slice(0, -4)}qqqq`,
			]) {
				expect((await verifier.verify(await forgeKind(kind, { iss }))).issuer).toBe(iss);
			}
		});
	},
);

describe("T9: a map that names an app by number and by string", () => {
	const { publicKey } = RSA_KEYS;

	it("T9: is rejected if both are the same app", async () => {
		const keys = new Map<unknown, unknown>([
			[12_345, publicKey],
			["12345", publicKey],
		]);
		await expectRefusal(() => profileOfKind("github-app", keys as never), "config/invalid-option");
	});

	it("T9: is accepted if they are two apps", async () => {
		const keys = new Map<unknown, unknown>([
			[12_345, publicKey],
			["012345", publicKey],
		]);
		const verifier = createVerifier({ profiles: [profileOfKind("github-app", keys as never)] });
		for (const iss of [12_345, "12345", "012345"]) {
			expect((await verifier.verify(await forgeKind("github-app", { iss }))).issuer).toBe(String(iss));
		}
	});
});
