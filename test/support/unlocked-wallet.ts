/**
 * Accounts whose transactions the local chain signs, which it does many times as fast as a wallet.
 * @module
 */
import { JsonRpcApiProvider, JsonRpcSigner, type TransactionRequest, type TransactionResponse, Wallet } from "ethers";

/** The same account; it still signs messages and typed data itself. */
export function unlock({ privateKey, provider }: Wallet): Wallet {
	return new UnlockedWallet(privateKey, provider);
}

class UnlockedWallet extends Wallet {
	override sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
		if (!(this.provider instanceof JsonRpcApiProvider)) return super.sendTransaction(request);
		return new JsonRpcSigner(this.provider, this.address).sendTransaction(request);
	}
}
