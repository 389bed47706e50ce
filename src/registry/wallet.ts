/** @module */
import { BaseWallet, type Provider, SigningKey } from "ethers";
import { encodeHex } from "../encoding/hex.js";
import { type PrivateKey, scalarOf } from "../keys/private-key.js";

/** Returns the account of a private key as an ethers wallet. */
export function toWallet(key: PrivateKey, provider?: Provider): BaseWallet {
	return new BaseWallet(new SigningKey(encodeHex(scalarOf(key))), provider);
}
