/**
 * Writes tokens that an Ethereum account signs.
 * @module
 */
import { BaseWallet, getBytes, SigningKey, type TypedDataDomain, type TypedDataField } from "ethers";
import { encodeBase64Url } from "../../encoding/base64url.js";
import { encodeHex } from "../../encoding/hex.js";
import { KeyError } from "../../errors/errors.js";
import { type CompactJws, decodeToken } from "../../jws/decode-token.js";
import { encodeSigningInput } from "../../jws/sign-token.js";
import { PrivateKey, scalarOf } from "../../keys/private-key.js";
import { recoverAddress } from "../../keys/recover-address.js";
import {
	type AccountTokenDomain,
	accountTokenData,
	eip712TokenData,
	hashAccountToken,
	hashEip712Token,
	hashEthToken,
} from "./account-signature.js";

const SIGNATURE_LENGTH = 65;
const encoder = new TextEncoder();

/**
 * An Ethereum account that signs: any ethers 6 `Signer`, a `Wallet` for one, or an object of your own, for
 * an account that is a contract.
 */
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

/** The three forms of a token that an account signs. */
export type AccountTokenForm =
	| { readonly kind: "orgid-account"; readonly domain: AccountTokenDomain }
	| { readonly kind: "orgid-eth" }
	| { readonly kind: "orgid-eip712" };

/** Gives the account of a private key; an account is passed through. */
export function toAccountSigner(key: PrivateKey | AccountSigner): AccountSigner {
	return key instanceof PrivateKey ? new BaseWallet(new SigningKey(encodeHex(scalarOf(key)))) : key;
}

/**
 * Signs a header and claims with an account. The signature of a local wallet is verified before the token is
 * returned; another account's can't be, for it may be a contract's.
 */
export async function signAccountToken(
	header: object,
	claims: object,
	account: AccountSigner,
	form: AccountTokenForm,
): Promise<string> {
	const input = encodeSigningInput(header, claims);
	const unsigned = decodeToken(`${input}.`);
	const text = await sign(unsigned, account, form);
	const signature = readSignature(text);
	if (
		account instanceof BaseWallet &&
		recoverAddress(digestOf(unsigned, form), signature) !== account.address
	) {
		throw new KeyError("key/signing-fault", "the wallet's signature does not verify with its address");
	}
	if (form.kind !== "orgid-eip712") return `${input}.${encodeBase64Url(signature)}`;
	if (signature.length === SIGNATURE_LENGTH) return `${input}.${encodeBase64Url(encoder.encode(text))}`;
	throw new KeyError("key/signing-fault", "a token of the SDK's holds a signature of 65 bytes only");
}

function sign(jws: CompactJws, account: AccountSigner, form: AccountTokenForm): Promise<string> {
	if (form.kind === "orgid-eth") return account.signMessage(new Uint8Array(jws.signingInput));
	const { domain, types, value } =
		form.kind === "orgid-account" ? accountTokenData(jws, form.domain) : eip712TokenData(jws);
	return account.signTypedData(domain, types, value);
}

function digestOf(jws: CompactJws, form: AccountTokenForm): Uint8Array {
	if (form.kind === "orgid-eth") return hashEthToken(jws);
	return form.kind === "orgid-account" ? hashAccountToken(jws, form.domain) : hashEip712Token(jws);
}

function readSignature(text: unknown): Uint8Array {
	try {
		const bytes = getBytes(text as string);
		if (typeof text === "string" && bytes.length > 0) return bytes;
	} catch {
		// Told below: what isn't hexadecimal text is no signature either.
	}
	throw new KeyError("key/signing-fault", "the account's result is no signature: 0x and hex digits expected");
}
