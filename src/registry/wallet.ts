/**
 * The accounts of private keys as ethers wallets.
 * @module
 */
import {
	BaseWallet,
	formatUnits,
	type Provider,
	SigningKey,
	type TransactionLike,
	type TransactionRequest,
} from "ethers";
import { encodeHex } from "../encoding/hex.js";
import { RegistryError } from "../errors/errors.js";
import { type PrivateKey, scalarOf } from "../keys/private-key.js";

/**
 * The most that a unit of gas may cost: more than the known networks usually ask for, and so little that a change of an
 * organization costs about one unit of the chain's currency.
 */
const MAX_GAS_PRICE = 5_000n * 10n ** 9n;

/** Returns the account of a private key as an ethers wallet. */
export function toWallet(key: PrivateKey, provider?: Provider): BaseWallet {
	return new CappedWallet(new SigningKey(encodeHex(scalarOf(key))), provider);
}

/** No wallet shows the user what a transaction costs, and a node could name a price that takes all that the account has. */
class CappedWallet extends BaseWallet {
	override async populateTransaction(request: TransactionRequest): Promise<TransactionLike<string>> {
		const transaction = await super.populateTransaction(request);
		const price = BigInt(transaction.maxFeePerGas ?? transaction.gasPrice ?? 0);
		if (price <= MAX_GAS_PRICE) return transaction;
		const [asked, most] = [price, MAX_GAS_PRICE].map((wei) => formatUnits(wei, "gwei").replace(/\.0$/, ""));
		const message = `the RPC node asks for ${asked} gwei per unit of gas, more than ${most}: nothing was sent`;
		throw new RegistryError("registry/bad-response", message);
	}
}
