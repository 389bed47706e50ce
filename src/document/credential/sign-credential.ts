/**
 * Signs a 1.x document as a credential, in the forms that Winding Tree's SDK writes and reads.
 * @module
 */
import * as z from "zod/mini";
import { formatDidUrl, parseDidUrl } from "../../did/did-url.js";
import { encodeBase64Url } from "../../encoding/base64url.js";
import { formatDateTime } from "../../encoding/date-time.js";
import { decodeHex, encodeHex } from "../../encoding/hex.js";
import { KeyError } from "../../errors/errors.js";
import { signToken } from "../../jws/sign-token.js";
import { recoverAddress } from "../../keys/recover-address.js";
import type { Signer } from "../../keys/signer.js";
import { checkOptions } from "../../options/check-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { epochSeconds, nonEmptyString } from "../../options/schemas.js";
import {
	ACCOUNT_PROOF,
	CREDENTIAL_DOMAIN,
	CREDENTIAL_TYPES,
	KEY_PROOF,
	toAccountInput,
	toTypedDigest,
} from "./credential-proof.js";

/** An account that signs typed data (EIP-712): an ethers 6 `Signer` is one. */
export interface TypedDataSigner {
	/** Its address. */
	getAddress(): Promise<string>;
	/** Signs typed data: `0x` and 130 hex digits. */
	signTypedData(
		domain: Record<string, unknown>,
		types: Record<string, { name: string; type: string }[]>,
		value: Record<string, unknown>,
	): Promise<string>;
}

/** Options of {@link signCredential}. */
export interface SignCredentialOptions {
	/** The credential's subject: a 1.x document, as `buildDocument` makes it. */
	readonly document: object;
	/** The issuer's bare DID; by default the one of `verificationMethod`. */
	readonly issuer?: string | undefined;
	/** The DID URL of the signing key or account: of the owner's account in the document, or a delegate's. */
	readonly verificationMethod: string;
	/** A secp256k1 key (a delegate's), or an account that signs typed data (the owner's, or a delegate's). */
	readonly key: Signer | TypedDataSigner;
	/** Seconds since the epoch. */
	readonly now: number;
	/** When the credential's validity ends, seconds since the epoch; without it, never. */
	readonly expiresAt?: number | undefined;
	/** The credential's name, for wallets that show it. */
	readonly name?: string | undefined;
	/** Its description. */
	readonly description?: string | undefined;
	/** The URL of its image. */
	readonly image?: string | undefined;
}

/** A signed document; the order of its members is part of what was signed. */
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

const optionsSchema = z.strictObject(
	{
		document: z.looseObject({}, "a JSON object"),
		issuer: z.optional(z.string("a bare did:orgid DID")),
		verificationMethod: z.string("the DID URL of a key"),
		key: z.custom<object>(
			isSigner,
			"a PrivateKey or Signer, or an account with signTypedData and getAddress",
		),
		now: epochSeconds,
		expiresAt: z.optional(epochSeconds),
		name: z.optional(nonEmptyString),
		description: z.optional(nonEmptyString),
		image: z.optional(nonEmptyString),
	},
	"an object",
);

/**
 * Signs a document as a credential. Publish it with `encodeDocument`; whoever changes the order of its members
 * breaks the signature. Every signature is verified before it is returned.
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
 * @param options the document, who signs it, and for how long; never changed
 * @returns the credential
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/signing-fault` where the signer's result does not verify, `key/wrong-algorithm`
 */
export async function signCredential(options: SignCredentialOptions): Promise<OrgJsonCredential> {
	checkOptions(optionsSchema, options, SUBJECT);
	const { verificationMethod, key, now } = options;
	const organization = organizationOf(verificationMethod, "verificationMethod");
	const { issuer = organization } = options;
	organizationOf(issuer, "issuer");
	const unsigned = toUnsigned(options, issuer);
	const isAccount = "signTypedData" in key;
	const jws = isAccount
		? await signWithAccount(key, verificationMethod, unsigned)
		: await signToken({ header: { alg: "ES256K" }, claims: unsigned, signer: key });
	return {
		...unsigned,
		proof: {
			type: isAccount ? ACCOUNT_PROOF : KEY_PROOF,
			created: toCredentialDate(now),
			proofPurpose: "assertionMethod",
			verificationMethod,
			jws,
		},
	};
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
		// As it will be read: a copy without what JSON doesn't have.
		credentialSubject: JSON.parse(JSON.stringify(document)) as object,
	};
}

/** The third part is the signature's hexadecimal text, encoded once more. */
async function signWithAccount(
	account: TypedDataSigner,
	verificationMethod: string,
	unsigned: object,
): Promise<string> {
	const payload = toAccountInput(verificationMethod, unsigned);
	const address = await account.getAddress();
	const signature = await account.signTypedData({ ...CREDENTIAL_DOMAIN }, CREDENTIAL_TYPES, { payload });
	const bytes = decodeSignature(signature);
	// Some wallets give the bare parity of y; readers of every age know 27 and 28.
	if ((bytes[64] ?? 27) < 27) bytes[64] = (bytes[64] as number) + 27;
	if (recoverAddress(toTypedDigest(payload), bytes)?.toLowerCase() !== address.toLowerCase()) {
		throw new KeyError("key/signing-fault", "the account's signature does not verify with its address");
	}
	return `${payload}.${encodeBase64Url(new TextEncoder().encode(encodeHex(bytes)))}`;
}

function decodeSignature(text: string): Uint8Array {
	try {
		return decodeHex(text);
	} catch (cause) {
		throw new KeyError(
			"key/signing-fault",
			"the account's result is no signature: 0x and 130 hex digits expected",
			{
				cause,
			},
		);
	}
}

/** The bare DID of a DID or DID URL, as written. */
function organizationOf(text: string, option: "verificationMethod" | "issuer"): string {
	const needsKey = option === "verificationMethod";
	try {
		const { fragment, ...organization } = parseDidUrl(text);
		if ((fragment !== undefined) === needsKey) return formatDidUrl(organization);
	} catch {
		// Said below, with the option's name.
	}
	const expected = needsKey ? "did:orgid:<chain id>:0x…#<key>" : "a bare DID, did:orgid:<chain id>:0x…";
	throw invalidOption(option, expected, { subject: SUBJECT });
}

/** As luxon's `toISO()` has it in UTC, which the SDK writes. */
function toCredentialDate(seconds: number): string {
	return formatDateTime(seconds).replace("Z", "+00:00");
}

function isSigner(value: unknown): boolean {
	const { sign, signTypedData, getAddress } = (value ?? {}) as Record<string, unknown>;
	const isAccount = typeof signTypedData === "function" && typeof getAddress === "function";
	return isAccount || typeof sign === "function";
}
