/**
 * The issuers of ioctl tokens that a server trusts. The key of such a token comes from the token itself, so anyone can
 * create a token with a valid signature: only this list distinguishes trusted signers from others.
 * @module
 */
import type { Hex } from "../../encoding/hex.js";
import type { ErrorCode } from "../../errors/codes.js";
import { formatValue, isOrgpassError } from "../../errors/errors.js";
import { decodeAddress, toAddress } from "../../keys/address.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import { isPublicKey, type PublicKey } from "../../keys/public-key.js";
import { invalidOption } from "../../options/invalid-option.js";

/** The signer of an ioctl token, as named by its `iss`. */
export interface IoctlIssuer {
	/** The account: `0x` and 40 digits of EIP-55. */
	readonly address: Hex;
	/** The same account in bech32: `io1…`. */
	readonly ioAddress: string;
	/** The key itself. */
	readonly publicKey: PublicKey;
}

/**
 * One trusted signer: a public key (object, PEM, JWK text or hex), or an account by its address, `0x…`,
 * `io1…` or `it1…`.
 */
export type TrustedIssuer = PublicKey | string;

/** The trusted signers: a non-empty list, or a function that decides. */
export type TrustedIssuers = readonly TrustedIssuer[] | ((issuer: IoctlIssuer) => boolean | Promise<boolean>);

/** Parses a list of trusted signers. */
export function parseTrustedIssuers(issuers: readonly TrustedIssuer[]): ReadonlySet<Hex> {
	return new Set(issuers.map(parseTrustedIssuer));
}

/** Describes what was given instead of a secp256k1 public key, based on the import error. */
const GOT: Partial<Record<ErrorCode, string>> = {
	"key/public-expected": "a private key",
	"key/wrong-algorithm": "a key for another algorithm",
};

function parseTrustedIssuer(issuer: TrustedIssuer, index: number): Hex {
	if (isPublicKey(issuer)) return toAddress(issuer);
	const address = typeof issuer === "string" ? decodeAddress(issuer) : undefined;
	if (address !== undefined) return address;
	try {
		return toAddress(importPublicKey(issuer));
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		const expected = "a secp256k1 public key, or an address 0x… (with its EIP-55 checksum), io1… or it1…";
		// Never quotes the value, which may be a private key.
		const got = GOT[error.code] ?? (typeof issuer === "string" ? "other text" : formatValue(issuer));
		throw invalidOption(`trustedIssuers.${index}`, `${expected}, got ${got}`, { subject: "ioctl" });
	}
}
