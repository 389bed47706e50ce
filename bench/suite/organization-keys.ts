/**
 * The keys of the organizations that `registry-node.ts` invents: a hundred, which they share in turn.
 * @module
 */
import { createHash } from "node:crypto";
import { exportPublicKey, importPrivateKey, type PrivateKey } from "orgpass/keys";

export const FRAGMENT = "webserver";
/** The private key of the account that owns all of them. */
export const OWNER_KEY = `0x${"21".repeat(32)}`;
const COUNT = 100;

const keys: readonly PrivateKey[] = await Promise.all(
	Array.from({ length: COUNT }, (_, index) =>
		importPrivateKey(createHash("sha256").update(`bench ${index}`).digest("hex")),
	),
);

/** An organization's key. */
export function keyOf(orgId: string): PrivateKey {
	return keys[Number.parseInt(orgId.slice(-8), 16) % COUNT] as PrivateKey;
}

/** The coordinates of an organization's public key: 128 hexadecimal digits. */
export function publicPoint(orgId: string): string {
	return exportPublicKey(keyOf(orgId).publicKey, "hex").slice(4);
}
