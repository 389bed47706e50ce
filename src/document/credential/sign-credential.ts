/**
 * Signs 1.x documents as credentials, in the forms that Winding Tree's SDK writes and reads.
 * @module
 */
import * as v from "valibot";
import { formatDidUrl, parseDidUrl } from "../../did/did-url.js";
import { encodeBase64Url } from "../../encoding/base64.js";
import { copyJson } from "../../encoding/copy-json.js";
import { formatDateTime } from "../../encoding/date-time.js";
import { decodeHex, encodeHex } from "../../encoding/hex.js";
import { keepRounded } from "../../encoding/kept-number.js";
import { KeyError } from "../../errors/errors.js";
import { encodeSigningTexts, signInput } from "../../jws/sign-token.js";
import { recoverAddress } from "../../keys/recover-address.js";
import { assertAlgorithm, IMPORTED_KEY, type Signer } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { anyObject, optionsSchema } from "../../options/schemas.js";
import { epochSeconds, nonEmptyString } from "../../options/value-schemas.js";
import {
	ACCOUNT_PROOF,
	CREDENTIAL_DOMAIN,
	CREDENTIAL_TYPES,
	KEY_PROOF,
	toAccountInput,
	toTypedDigest,
} from "./credential-proof.js";

/** An account that signs typed data (EIP-712), such as an ethers 6 `Signer`. */
export interface TypedDataSigner {
	getAddress(): Promise<string>;
	/** Signs typed data; the signature is `0x` and 130 hex digits. */
	signTypedData(
		domain: Record<string, unknown>,
		types: Record<string, { name: string; type: string }[]>,
		value: Record<string, unknown>,
	): Promise<string>;
}

/** Options of {@link signCredential}. */
export interface SignCredentialOptions {
	/** The credential's subject: a 1.x document, as `buildDocument` returns it. */
	readonly document: object;
	/** The issuer's bare DID; that of `verificationMethod` by default. */
	readonly issuer?: string | undefined;
	/** The DID URL of the signing key or account: the owner's account in the document, or a delegate. */
	readonly verificationMethod: string;
	/** A delegate's secp256k1 key, or the owner's or a delegate's account. */
	readonly key: Signer | TypedDataSigner;
	/** Seconds since the epoch. */
	readonly now: number;
	/** When the credential expires, in seconds since the epoch; never by default. */
	readonly expiresAt?: number | undefined;
	/** The credential's name, description and image (a URL), shown by wallets. */
	readonly name?: string | undefined;
	readonly description?: string | undefined;
	readonly image?: string | undefined;
}

/** A signed document. The order of its members is part of the signed text. */
export interface OrgJsonCredential {
	readonly "@context": readonly string[];
	/** A random UUID. */
	readonly id: string;
	readonly type: readonly string[];
	readonly issuer: string;
	readonly issuanceDate: string;
	readonly name?: string;
	readonly description?: string;
	readonly image?: string;
	readonly expirationDate?: string;
	readonly credentialSubject: object;
	readonly proof: {
		readonly type: string;
		readonly created: string;
		readonly proofPurpose: "assertionMethod";
		readonly verificationMethod: string;
		readonly jws: string;
	};
}

const SUBJECT = "signCredential";
const SIGNER = `${IMPORTED_KEY}, a Signer, or an account with signTypedData and getAddress`;

const schema = optionsSchema<SignCredentialOptions>({
	document: anyObject("a JSON object"),
	issuer: v.optional(v.string("a bare did:orgid DID")),
	verificationMethod: v.string("the DID URL of a key"),
	key: v.custom<object>(isSigner, SIGNER),
	now: epochSeconds,
	expiresAt: v.optional(epochSeconds),
	name: v.optional(nonEmptyString),
	description: v.optional(nonEmptyString),
	image: v.optional(nonEmptyString),
});

/**
 * Signs a document as a credential. Publish the bytes of `encodeDocument`: reordering the members would break the
 * signature. Every signature is verified before it is returned.
 *
 * @example
 * ```ts
 * import { Wallet } from "ethers";
 * import { buildDocument, signCredential } from "orgpass/resolver";
 *
 * const did = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const owner = new Wallet(`0x${"11".repeat(32)}`);
 * const document = buildDocument({
 *   did,
 *   generation: "1.x",
 *   verificationMethods: [{ fragment: "owner1", account: `eip155:100:${owner.address}` }],
 *   now: 1_700_000_000,
 * });
 * const verificationMethod = `${did}#owner1`;
 * const credential = await signCredential({ document, verificationMethod, key: owner, now: 1_700_000_000 });
 * [credential.issuer, credential.issuanceDate]; // => [did, "2023-11-14T22:13:20.000+00:00"]
 * ```
 * @param options the document, its signer, and its validity period; never changed
 * @returns the credential
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/signing-fault` if the signature doesn't verify, `key/wrong-algorithm`
 */
export async function signCredential(options: SignCredentialOptions): Promise<OrgJsonCredential> {
	assertOptions(schema, options, SUBJECT);
	const { verificationMethod, key, now } = options;
	const organization = organizationOf(verificationMethod, "verificationMethod");
	const { issuer = organization } = options;
	organizationOf(issuer, "issuer");
	const unsigned = toUnsigned(options, issuer);
	const isAccount = "signTypedData" in key;
	const jws = isAccount ? await signWithAccount(key, verificationMethod, unsigned) : await signWithKey(key, unsigned);
	const type = isAccount ? ACCOUNT_PROOF : KEY_PROOF;
	const created = toCredentialDate(now);
	return { ...unsigned, proof: { type, created, proofPurpose: "assertionMethod", verificationMethod, jws } };
}

function toUnsigned(options: SignCredentialOptions, issuer: string): Omit<OrgJsonCredential, "proof"> {
	const { document, now, expiresAt, name, description, image } = options;
	return {
		"@context": ["https://www.w3.org/2018/credentials/v1"],
		id: crypto.randomUUID(),
		type: ["VerifiableCredential", "OrgJson"],
		issuer,
		issuanceDate: toCredentialDate(now),
		...(name === undefined ? {} : { name }),
		...(description === undefined ? {} : { description }),
		...(image === undefined ? {} : { image }),
		...(expiresAt === undefined ? {} : { expirationDate: toCredentialDate(expiresAt) }),
		// A copy of what JSON can represent: exactly what readers will parse.
		credentialSubject: copyJson(document, keepRounded) as object,
	};
}

function signWithKey(key: Signer, unsigned: object): Promise<string> {
	assertAlgorithm(key, "ES256K");
	return signInput(encodeSigningTexts('{"alg":"ES256K"}', JSON.stringify(unsigned)), key);
}

/** The third part is the base64url of the signature's hex digits, not of its bytes. */
async function signWithAccount(
	account: TypedDataSigner,
	verificationMethod: string,
	unsigned: object,
): Promise<string> {
	const payload = toAccountInput(verificationMethod, unsigned);
	const address = await account.getAddress();
	const signature = await account.signTypedData({ ...CREDENTIAL_DOMAIN }, CREDENTIAL_TYPES, { payload });
	let bytes: Uint8Array;
	try {
		bytes = decodeHex(signature);
	} catch (cause) {
		const message = "expected the account's signature as 0x and 130 hex digits";
		throw new KeyError("key/signing-fault", message, { cause });
	}
	// Some wallets return the bare parity of y, but all readers understand 27 and 28.
	if ((bytes[64] ?? 27) < 27) bytes[64] = (bytes[64] as number) + 27;
	if (recoverAddress(toTypedDigest(payload), bytes)?.toLowerCase() !== address.toLowerCase()) {
		throw new KeyError("key/signing-fault", "the account's signature does not verify with its address");
	}
	return `${payload}.${encodeBase64Url(new TextEncoder().encode(encodeHex(bytes)))}`;
}

/** The bare DID of a DID or DID URL, as written. */
function organizationOf(text: string, option: "verificationMethod" | "issuer"): string {
	const needsKey = option === "verificationMethod";
	try {
		const { fragment, ...organization } = parseDidUrl(text);
		if ((fragment !== undefined) === needsKey) return formatDidUrl(organization);
	} catch {
		// Reported below, with the option's name.
	}
	const expected = needsKey ? "did:orgid:<chain id>:0x…#<key>" : "a bare DID, did:orgid:<chain id>:0x…";
	throw invalidOption(option, expected, { subject: SUBJECT });
}

/** The format of luxon's `toISO()` in UTC, which the SDK writes. */
function toCredentialDate(seconds: number): string {
	return formatDateTime(seconds).replace("Z", "+00:00");
}

function isSigner(value: unknown): boolean {
	const { sign, signTypedData, getAddress } = (value ?? {}) as Record<string, unknown>;
	const isAccount = typeof signTypedData === "function" && typeof getAddress === "function";
	return isAccount || typeof sign === "function";
}
