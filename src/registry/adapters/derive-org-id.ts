/** @module */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { decodeHex, encodeHex } from "../../encoding/hex.js";
import type { Address } from "../org-record.js";

/** The id that ORGiD contracts give an organization: the hash of its creator and the salt, packed. */
export function deriveOrgId(creator: Address, salt: string): string {
	return encodeHex(keccak_256(decodeHex(`${creator}${salt.slice(2)}`)));
}
