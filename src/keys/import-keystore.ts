/**
 * Imports keystores. Loaded on first use, so that a bundle without keystores contains neither scrypt nor Keccak.
 * @module
 */
import { KeyError } from "../errors/errors.js";
import { toAddressDigits } from "./account.js";
import type { UncheckedMembers } from "./formats/jwk.js";
import { decryptKeystore } from "./formats/keystore.js";
import type { Password } from "./password.js";
import type { PrivateKey } from "./private-key.js";

/** Decrypts a keystore, and checks that its address is the key's. */
export async function importKeystore(
	value: UncheckedMembers,
	password: Password | undefined,
	toKey: (scalar: Uint8Array) => PrivateKey,
): Promise<PrivateKey> {
	const { scalar, address } = await decryptKeystore(value, password);
	const key = toKey(scalar);
	if (address === undefined || address === toAddressDigits(key.publicKey)) return key;
	throw new KeyError("key/mismatch", "the keystore's address doesn't match its key");
}
