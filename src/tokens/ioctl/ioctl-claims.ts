/**
 * What a token of IoTeX's `ioctl jwt sign` says: its header and claims, in Go's order and escaping.
 * @module
 */

import { encodeHex, type Hex } from "../../encoding/hex.js";
import { encodeSigningTexts } from "../../jws/sign-token.js";
import { exportPublicKey } from "../../keys/export-public-key.js";
import type { PublicKey } from "../../keys/public-key.js";
import { encodeGoJson } from "./go-json.js";

/** The operations an ioctl token can grant, one each, by IoTeX's convention. */
export const IOCTL_OPERATIONS: readonly string[] = Object.freeze(["Create", "Read", "Update", "Delete"]);

/** The header, exactly: it says ES256, the curve is secp256k1 all the same. */
const HEADER = '{"alg":"ES256","typ":"JWT"}';

/** The claims of a token to mint; times are whole seconds. */
export interface IoctlClaims {
	/** Whose key signs; the key is the issuer. */
	readonly publicKey: PublicKey;
	/** Left out where undefined or 0, as Go does: then the token has no end. */
	readonly expiresAt?: number | undefined;
	/** When it is issued. */
	readonly issuedAt: number;
	/** `sub`; left out where empty. */
	readonly resource?: string | undefined;
	/** `scope`; left out where empty. */
	readonly operation?: string | undefined;
}

/** Writes what is signed: header and claims as antenna's Go code marshals them. */
export function encodeIoctlToken(parts: IoctlClaims): string {
	const { publicKey, expiresAt, issuedAt, resource, operation } = parts;
	// The order of golang-jwt's StandardClaims, then antenna's own member.
	const claims = {
		...(expiresAt ? { exp: expiresAt } : {}),
		iat: issuedAt,
		iss: ioctlIssuer(publicKey),
		...(resource ? { sub: resource } : {}),
		...(operation ? { scope: operation } : {}),
	};
	return encodeSigningTexts(HEADER, encodeGoJson(claims));
}

/** Writes a public key as the `iss` of ioctl tokens. */
export function ioctlIssuer(publicKey: PublicKey): Hex {
	return encodeHex(exportPublicKey(publicKey, "bytes"));
}
