/**
 * Mints tokens that an Ethereum account signs for an organization: one factory for the three forms.
 * @module
 */
import * as v from "valibot";
import { type DidUrl, parseDidUrl } from "../../did/did-url.js";
import { encodeBase64Url } from "../../encoding/base64.js";
import { encodeHex } from "../../encoding/hex.js";
import { formatValue, KeyError } from "../../errors/errors.js";
import { isHexAddress } from "../../keys/address.js";
import { PrivateKey } from "../../keys/private-key.js";
import { IMPORTED_KEY } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema } from "../../options/schemas.js";
import { assertExtraClaims } from "../extra-claims.js";
import {
	createOrganizationMinter,
	ORGANIZATION_MINTER_SHAPE,
	type OrganizationMinterOptions,
	type OrganizationTokenOptions,
	type OrganizationTokenParts,
} from "../orgid/organization-minter.js";
import { formatScope, type ScopeFormat } from "../orgid/orgid-claims.js";
import type { Minter } from "../token-kind.js";
import {
	ACCOUNT_ALGORITHM,
	ACCOUNT_TYPE,
	type AccountTokenDomain,
	accountTokenData,
	EIP712_KEY_ID,
	eip712TokenData,
	hashAccountToken,
	hashEip712Token,
	hashEthToken,
	type TypedData,
} from "./account-signature.js";
import { type AccountSigner, type SigningForm, signAccountToken, toAccountLoader } from "./sign-account-token.js";

/** Options of {@link createOrgIdEthMinter}. */
export interface OrgIdEthMinterOptions extends OrganizationMinterOptions {
	/** The account's private key, or the account: an ethers `Signer`, or a custom object. */
	readonly key: PrivateKey | AccountSigner;
	/** The organization's bare DID. */
	readonly issuer: string;
}

/** Options of {@link createOrgIdEip712Minter}. */
export interface OrgIdEip712MinterOptions extends OrgIdEthMinterOptions {
	/** DID URL of the verification method that names the account. */
	readonly issuer: string;
}

/** Options of {@link createOrgIdAccountMinter}. */
export interface OrgIdAccountMinterOptions extends OrgIdEthMinterOptions {
	/** The organization's DID with its chain: bare or with `#owner` for the owner, `#director` for the director. */
	readonly issuer: string;
	/** Address of the registry contract that holds the organization. */
	readonly registry: string;
}

/** What differs between the three forms when they are minted. */
interface MintingForm {
	/** What the minter's issuer must be. */
	readonly expectedIssuer: string;
	isIssuer(issuer: DidUrl): boolean;
	/** How `scope` is written. */
	readonly scopeFormat: ScopeFormat;
	/** Whether `exp` comes before `scope`; the order is that of the form's other implementations. */
	readonly isExpFirst?: boolean;
	/** Whether `iss` is the DID URL with its fragment, not the bare DID. */
	readonly isIssDidUrl?: boolean;
	/** The JOSE header. */
	header(issuer: string): object;
	readonly signing: SigningForm;
}

const ACCOUNT = `${IMPORTED_KEY}, or an account with signMessage and signTypedData (an ethers Signer)`;
const REGISTRY = "the address of the registry contract, 0x and 40 hex digits";
const RECOVERABLE_SIGNATURE_LENGTH = 65;

const encoder = new TextEncoder();

const minterShape = {
	key: v.custom<PrivateKey | AccountSigner>(isAccount, ACCOUNT),
	...ORGANIZATION_MINTER_SHAPE,
};
const minterSchema = optionsSchema<OrgIdEthMinterOptions>(minterShape);
const accountMinterSchema = optionsSchema<OrgIdAccountMinterOptions>({
	...minterShape,
	registry: v.pipe(v.string(REGISTRY), v.check(isHexAddress, REGISTRY)),
});

/**
 * Creates a minter of ETH tokens (`personal_sign`), signed by the organization's owner or director. A signature by a
 * private key or a local ethers wallet is verified before it is returned; others aren't, because only the chain can
 * verify the signature of a contract.
 *
 * @example
 * ```ts
 * import { createOrgIdEthMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const minter = createOrgIdEthMinter({ key: privateKey, issuer, audience });
 * decodeToken(await minter.mint()).header; // => { alg: "ETH", typ: "JWT" }
 * ```
 * @param options the account, the organization's DID, the audience, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax`
 * @see EIP-191
 */
export function createOrgIdEthMinter(options: OrgIdEthMinterOptions): Minter<OrganizationTokenOptions> {
	assertOptions(minterSchema, options, "createOrgIdEthMinter");
	return createAccountMinter(options, {
		expectedIssuer: "a bare DID",
		isIssuer: ({ fragment }) => fragment === undefined,
		scopeFormat: "text",
		isExpFirst: true,
		header: () => ({ alg: "ETH", typ: "JWT" }),
		signing: {
			sign: (jws, account) => account.signMessage(new Uint8Array(jws.signingInput)),
			digest: hashEthToken,
			encodeSignature: encodeBase64Url,
		},
	});
}

/**
 * Creates a minter of EIP-712 tokens like those of Winding Tree's SDK, signed by an account that the organization's
 * document names. Signatures are verified as by {@link createOrgIdEthMinter}.
 *
 * @example
 * ```ts
 * import { createOrgIdEip712Minter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}#wallet`;
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const minter = createOrgIdEip712Minter({ key: privateKey, issuer, audience });
 * decodeToken(await minter.mint({ scope: "book" })).claims["scope"]; // => '["book"]'
 * ```
 * @param options the account, the DID URL of its verification method, the audience, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax`
 * @see EIP-712
 */
export function createOrgIdEip712Minter(options: OrgIdEip712MinterOptions): Minter<OrganizationTokenOptions> {
	assertOptions(minterSchema, options, "createOrgIdEip712Minter");
	return createAccountMinter(options, {
		expectedIssuer: "a DID URL with the fragment of its verification method",
		isIssuer: ({ fragment }) => fragment !== undefined,
		isIssDidUrl: true,
		scopeFormat: "json",
		header: () => ({ alg: "ES256", kid: EIP712_KEY_ID, typ: "JWT" }),
		signing: {
			sign: (jws, account) => signTypedData(eip712TokenData(jws), account),
			digest: hashEip712Token,
			encodeSignature: encodeSignatureText,
		},
	});
}

/**
 * Creates a minter of tokens that the organization's owner or director signs in a form that a wallet can show: typed
 * data with the issuer, the audience, the scopes and the expiration time. Signatures are verified as by
 * {@link createOrgIdEthMinter}.
 *
 * @example
 * ```ts
 * import { createOrgIdAccountMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const did = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const registry = `0x${"11".repeat(20)}`;
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const minter = createOrgIdAccountMinter({ key: privateKey, issuer: did, registry, audience });
 * const { header } = decodeToken(await minter.mint());
 * header; // => { alg: "EIP712", typ: "orgid-account+jwt", kid: `${did}#owner` }
 * ```
 * @param options the account, the organization's DID, the registry, the audience, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax`
 * @see EIP-712
 */
export function createOrgIdAccountMinter(options: OrgIdAccountMinterOptions): Minter<OrganizationTokenOptions> {
	assertOptions(accountMinterSchema, options, "createOrgIdAccountMinter");
	// An issuer without a chain is refused below.
	const { chainId = 0 } = parseDidUrl(options.issuer);
	const domain: AccountTokenDomain = { chainId, registry: options.registry };
	return createAccountMinter(options, {
		expectedIssuer: "a DID with its chain, bare or with #owner or #director",
		isIssuer: ({ chainId, fragment = "owner" }) =>
			chainId !== undefined && (fragment === "owner" || fragment === "director"),
		scopeFormat: "text",
		header: (issuer) => {
			const kid = issuer.includes("#") ? issuer : `${issuer}#owner`;
			return { alg: ACCOUNT_ALGORITHM, typ: ACCOUNT_TYPE, kid };
		},
		signing: {
			sign: (jws, account) => signTypedData(accountTokenData(jws, domain), account),
			digest: (jws) => hashAccountToken(jws, domain),
			encodeSignature: encodeBase64Url,
		},
	});
}

function createAccountMinter(options: OrgIdEthMinterOptions, form: MintingForm): Minter<OrganizationTokenOptions> {
	const { issuer } = options;
	if (!form.isIssuer(parseDidUrl(issuer))) {
		throw invalidOption("issuer", `${form.expectedIssuer}, got ${formatValue(issuer)}`);
	}
	const loadAccount = toAccountLoader(options.key);
	return createOrganizationMinter(options, async (parts) =>
		signAccountToken(buildToken(form, issuer, parts), await loadAccount(), form.signing),
	);
}

/** Builds the header and the claims, in the order in which the form's other implementations write them. */
function buildToken(
	form: MintingForm,
	issuer: string,
	{ audience: aud, now, lifetimeSeconds, scope: scopes, claims: extra = {} }: OrganizationTokenParts,
): { header: object; claims: object } {
	assertExtraClaims(extra);
	const iss = form.isIssDidUrl ? issuer : issuer.split("#", 1)[0];
	const iat = Math.floor(now);
	const exp = iat + lifetimeSeconds;
	const scope = scopes === undefined ? {} : { scope: formatScope(scopes, form.scopeFormat) };
	const ordered = form.isExpFirst ? { exp, ...scope } : { ...scope, exp };
	return {
		header: form.header(issuer),
		claims: { iss, aud, ...ordered, iat, jti: crypto.randomUUID(), ...extra },
	};
}

function signTypedData({ domain, types, value }: TypedData, account: AccountSigner): Promise<string> {
	return account.signTypedData(domain, types, value);
}

/** The SDK's third part is base64url of the signature's hexadecimal text. */
function encodeSignatureText(signature: Uint8Array): string {
	if (signature.length === RECOVERABLE_SIGNATURE_LENGTH) return encodeBase64Url(encoder.encode(encodeHex(signature)));
	throw new KeyError("key/signing-fault", "expected a signature of 65 bytes, the only kind the SDK reads");
}

function isAccount(value: unknown): boolean {
	if (value instanceof PrivateKey) return true;
	const members = (value ?? {}) as Readonly<Record<string, unknown>>;
	return ["signMessage", "signTypedData"].every((name) => typeof members[name] === "function");
}
