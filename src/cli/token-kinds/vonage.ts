/**
 * Tokens of Vonage applications, which can contain an access control list.
 * @module
 */
import { option, usageError } from "../options.js";
import { APP_KEY_OPTIONS, type AppKeyFlags, loadAppKeys } from "./app-keys.js";
import { parseClaims } from "./claim-arguments.js";
import { AUDIENCE_OPTION, ISSUER_OPTION } from "./issuer-and-audience.js";
import type { TokenKindDescriptor } from "./token-kind.js";

/** Claims that are text even if the value looks like a number. */
const TEXT_CLAIMS = ["sub", "jti", "application_id"];

export const VONAGE: TokenKindDescriptor<object, AppKeyFlags> = {
	name: "vonage",
	mintOptions: [ISSUER_OPTION],
	verifyOptions: [
		AUDIENCE_OPTION,
		...APP_KEY_OPTIONS,
		option("--method <method>", "method of the request that an acl must allow; with --path"),
		option("--path <path>", "path of that request"),
	],
	async mint({ context, flags, claims: texts, lifetime }) {
		const claims = parseClaims(texts, TEXT_CLAIMS);
		const { issuer: applicationId = claims["application_id"] } = flags;
		if (typeof applicationId !== "string") {
			throw usageError("expected --issuer <application id>, or application_id=<id>");
		}
		const { loadPrivateKey, toKeyArgument } = await import("../key-source.js");
		const key = await loadPrivateKey(context, toKeyArgument(flags), "RS256");
		const { createVonageMinter } = await import("../../tokens/vonage/vonage-minter.js");
		return createVonageMinter({ key, applicationId, ...lifetime }).mint({ claims });
	},
	async createProfile({ context, flags }) {
		const { vonage } = await import("../../tokens/vonage/vonage.js");
		return vonage({ keys: await loadAppKeys(context, flags), audience: flags.audience });
	},
	async recognizes(jws) {
		const { vonage } = await import("../../tokens/vonage/vonage.js");
		return vonage({ keys: () => undefined }).recognizes(jws);
	},
};
