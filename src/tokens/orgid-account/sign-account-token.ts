/** @module */
import { getBytes, type TypedDataDomain, type TypedDataField } from "ethers";
import { KeyError } from "../../errors/errors.js";
import { type CompactJws, decodeToken } from "../../jws/decode-token.js";
import { encodeSigningInput } from "../../jws/sign-token.js";
import { PrivateKey } from "../../keys/private-key.js";
import { recoverAddress } from "../../keys/recover-address.js";
import { toWallet } from "../../registry/wallet.js";

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

/** Returns the account of a private key; an account is returned as it is. */
export function toAccountSigner(key: PrivateKey | AccountSigner): AccountSigner {
	return key instanceof PrivateKey ? toWallet(key) : key;
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
	try {
		const bytes = getBytes(text as string);
		if (typeof text === "string" && bytes.length > 0) return bytes;
	} catch {
		// Not hexadecimal: reported below.
	}
	throw new KeyError("key/signing-fault", "expected the account to return a signature: 0x and hex digits");
}
