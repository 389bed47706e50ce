/** @module */
import type { TypedDataDomain, TypedDataField } from "ethers";
import { decodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { KeyError } from "../../errors/errors.js";
import { type CompactJws, decodeToken } from "../../jws/decode-token.js";
import { encodeSigningInput } from "../../jws/sign-token.js";
import { PrivateKey } from "../../keys/private-key.js";
import { recoverAddress } from "../../keys/recover-address.js";

/** An Ethereum account that signs: a `Signer` of any copy of ethers 6, or your own object, such as for a contract. */
export interface AccountSigner {
	/** EIP-191 `personal_sign`: `0x` and the signature's hex digits. */
	signMessage(message: string | Uint8Array): Promise<string>;
	/** EIP-712: `0x` and the signature's hex digits. */
	signTypedData(
		domain: TypedDataDomain,
		types: Record<string, TypedDataField[]>,
		value: Record<string, unknown>,
	): Promise<string>;
}

/** How an account signs one form of token. */
export interface SigningForm {
	/** Requests the account's signature: `0x` and hex digits. */
	sign(jws: CompactJws, account: AccountSigner): Promise<string>;
	/** Computes the digest that is signed. */
	digest(jws: CompactJws): Uint8Array;
	/** Encodes the signature as the token's third part. */
	encodeSignature(signature: Uint8Array): string;
}

/** Returns the function that loads the account of a private key, and ethers with it; an account stays as it is. */
export function toAccountLoader(key: PrivateKey | AccountSigner): () => Promise<AccountSigner> {
	let loading: Promise<AccountSigner> | undefined;
	return async () => {
		if (!(key instanceof PrivateKey)) return key;
		loading ??= import("../../registry/wallet.js").then(({ toWallet }) => toWallet(key));
		return loading;
	};
}

/** Signs a header and claims. Only a local wallet's signature is verified: another account may be a contract. */
export async function signAccountToken(
	{ header, claims }: { readonly header: object; readonly claims: object },
	account: AccountSigner,
	form: SigningForm,
): Promise<string> {
	const input = encodeSigningInput(header, claims);
	const unsigned = decodeToken(`${input}.`);
	const signature = readSignature(await form.sign(unsigned, account));
	if (isLocalWallet(account) && recoverAddress(form.digest(unsigned), signature) !== account.address) {
		throw new KeyError("key/signing-fault", "the wallet's signature does not verify with its address");
	}
	return `${input}.${form.encodeSignature(signature)}`;
}

/** Recognizes wallets of any copy of ethers. */
function isLocalWallet(account: object): account is { readonly address: string } {
	return "signingKey" in account && "address" in account;
}

function readSignature(text: unknown): Uint8Array {
	const bytes = typeof text === "string" ? undefinedOnError(() => decodeHex(text)) : undefined;
	if (bytes !== undefined && bytes.length > 0) return bytes;
	throw new KeyError("key/signing-fault", "expected the account to return a signature: 0x and hex digits");
}
