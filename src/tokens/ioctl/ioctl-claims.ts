/**
 * The header and claims of tokens by IoTeX's `ioctl jwt sign`, in Go's order and escaping.
 * @module
 */
import { encodeHex, type Hex } from "../../encoding/hex.js";
import { assertPayload } from "../../jws/decode-token.js";
import { encodeSigningTexts } from "../../jws/sign-token.js";
import { exportPublicKey } from "../../keys/export-public-key.js";
import type { PublicKey } from "../../keys/public-key.js";
import { encodeGoJson } from "./go-json.js";

/** The exact header: it says ES256 although the curve is secp256k1. */
const HEADER = '{"alg":"ES256","typ":"JWT"}';

/** The parts of a token to mint; times are whole seconds since the epoch. */
export interface IoctlTokenParts {
	/** The signer's key, which is the issuer. */
	readonly publicKey: PublicKey;
	/** `exp`; left out if 0, as in Go, so that the token doesn't expire. */
	readonly expiresAt: number;
	/** `iat`. */
	readonly issuedAt: number;
	/** `sub`; left out if empty. */
	readonly resource: string | undefined;
	/** `scope`; left out if empty. */
	readonly operation: string | undefined;
}

/** Encodes the text to sign: header and claims as antenna's Go code marshals them. */
export function encodeIoctlToken(parts: IoctlTokenParts): string {
	const { publicKey, expiresAt, issuedAt, resource, operation } = parts;
	// The order of golang-jwt's StandardClaims, then antenna's own member.
	const claims = {
		...(expiresAt ? { exp: expiresAt } : {}),
		iat: issuedAt,
		iss: ioctlIssuer(publicKey),
		...(resource ? { sub: resource } : {}),
		...(operation ? { scope: operation } : {}),
	};
	const text = encodeGoJson(claims);
	// Nothing else in it could be refused: strings are well-formed.
	if (!Number.isSafeInteger(expiresAt) || !Number.isSafeInteger(issuedAt)) assertPayload(text);
	return encodeSigningTexts(HEADER, text);
}

/** Encodes a public key as the `iss` of ioctl tokens. */
export function ioctlIssuer(publicKey: PublicKey): Hex {
	return encodeHex(exportPublicKey(publicKey, "bytes"));
}
