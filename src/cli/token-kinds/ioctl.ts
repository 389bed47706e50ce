/**
 * ioctl's tokens, minted with any key; `orgpass jwt sign` mints them with ioctl's accounts and options.
 * @module
 */
import { isOrgpassError } from "../../errors/errors.js";
import type { CompactJws } from "../../jws/decode-token.js";
import type { PublicKey } from "../../keys/public-key.js";
import { IOCTL_OPERATIONS } from "../../tokens/ioctl/ioctl-operations.js";
import { assertTrustedIssuers, IOCTL_TRUST_OPTIONS, warnUnknownOperation } from "../ioctl-tokens.js";
import { option, suggest, usageError } from "../options.js";
import type { TokenInspection, TokenKindDescriptor } from "./token-kind.js";

interface IoctlMintFlags {
	readonly resource?: string;
	readonly operation?: string;
}

interface IoctlVerifyFlags {
	readonly trustedIssuer?: readonly string[];
	readonly allowMissingExp?: boolean;
}

/** The descriptor of ioctl's tokens. */
export const IOCTL: TokenKindDescriptor<IoctlMintFlags, IoctlVerifyFlags> = {
	name: "ioctl",
	mintOptions: [
		option("--resource <text>", "resource that an ioctl token is for (sub)"),
		suggest(
			option("--operation <name>", "operation that an ioctl token grants (scope): Create, Read, Update or Delete"),
			IOCTL_OPERATIONS,
		),
	],
	verifyOptions: IOCTL_TRUST_OPTIONS,
	async mint({ context, flags, claims, lifetime }) {
		const { resource, operation } = flags;
		if (claims.length > 0) {
			throw usageError(
				"ioctl's tokens have no other claims: use --resource (sub), --operation (scope) and --ttl (exp)",
			);
		}
		warnUnknownOperation(context, operation);
		const { loadPrivateKey, toKeyArgument } = await import("../key-source.js");
		const privateKey = await loadPrivateKey(context, toKeyArgument(flags));
		const { createIoctlMinter } = await import("../../tokens/ioctl/ioctl-minter.js");
		return createIoctlMinter({ key: privateKey, ...lifetime }).mint({ resource, operation });
	},
	async createProfile({ flags: { trustedIssuer, allowMissingExp = false } }) {
		const { ioctl } = await import("../../tokens/ioctl/ioctl.js");
		return ioctl({
			trustedIssuers: assertTrustedIssuers(trustedIssuer),
			requireExpiration: !allowMissingExp,
		});
	},
	async recognizes(jws) {
		const { ioctl } = await import("../../tokens/ioctl/ioctl.js");
		return ioctl({ trustedIssuers: () => false }).recognizes(jws);
	},
	inspect: verifySelfSigned,
};

async function verifySelfSigned(jws: CompactJws): Promise<TokenInspection | undefined> {
	const { header, claims, signingInput, signature } = jws;
	const { iss } = claims;
	if (header["alg"] !== "ES256" || typeof iss !== "string" || !iss.startsWith("0x04")) return undefined;
	const { importPublicKey } = await import("../../keys/import-public-key.js");
	let publicKey: PublicKey;
	try {
		publicKey = importPublicKey(iss);
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
	const { toIoAddress } = await import("../../keys/address.js");
	const { verifyData } = await import("../../keys/sign.js");
	const isGood = await verifyData(publicKey, signingInput, signature);
	const address = toIoAddress(publicKey);
	const text = isGood
		? `the signature matches the key in iss (${address}), but anyone can sign a token of this kind`
		: "the signature doesn't match the key in iss";
	return { data: { signature: { isGood, address } }, text };
}
