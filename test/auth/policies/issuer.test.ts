/** Who is allowed or denied, however a list names them. */
import { expect, it } from "vitest";
import { denyIssuer, requireIssuer } from "../../../src/auth/policies/issuer.ts";
import { toAddress, toIoAddress } from "../../../src/keys/address.ts";
import { ioctlIssuer } from "../../../src/tokens/ioctl/ioctl-claims.ts";
import { policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, CURVE_KEY, forgeKind, type Kind, verifierOfKinds } from "../../support/token-kinds.ts";

const address = toAddress(CURVE_KEY.publicKey);

it.each<[string, Kind, string]>([
	["an account by its IoTeX address", "ioctl", toIoAddress(CURVE_KEY.publicKey)],
	["an account by its IoTeX address in upper case", "ioctl", toIoAddress(CURVE_KEY.publicKey).toUpperCase()],
	["an account by its Ethereum address", "ioctl", address],
	["an account by its Ethereum address in lower case", "ioctl", address.toLowerCase()],
	["an account by its key, as in iss", "ioctl", ioctlIssuer(CURVE_KEY.publicKey)],
	["a UUID", "vonage", APP_ID],
	["a UUID in upper case", "vonage", APP_ID.toUpperCase()],
])("a list may name %s", async (_what, kind, name) => {
	const token = await forgeKind(kind);
	await verifierOfKinds([kind], { policies: [requireIssuer([name])] }).verify(token);
	await expectRefusal(
		() => verifierOfKinds([kind], { policies: [denyIssuer([name])] }).verify(token),
		"policy/issuer-denied",
	);
});

it.each([address, "0x04", `0x04${"00".repeat(64)}`, APP_ID.toUpperCase(), "Partner"])(
	"a kind of your own may have the issuer %s",
	async (issuer) => {
		const token = policyToken({ profile: "own", issuer });
		expect(requireIssuer(issuer)(token)).toBeUndefined();
		await expectRefusal(() => denyIssuer(issuer)(token), "policy/issuer-denied");
		await expectRefusal(() => requireIssuer("partner")(token), "policy/issuer");
	},
);
