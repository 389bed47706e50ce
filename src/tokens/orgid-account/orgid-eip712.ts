/**
 * Tokens of Winding Tree's SDK (`createAuthJWTWithEthers`, 1.2.0 and later): EIP-712, signed by an account that the
 * organization's document names.
 * @module
 */
import * as v from "valibot";
import { parseAccountId } from "../../did/account-id.js";
import { formatDidUrl } from "../../did/did-url.js";
import { selectVerificationMethod } from "../../did/verification-method.js";
import { DidError } from "../../errors/errors.js";
import { assertHeader } from "../../jws/header.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { createValidityCheck } from "../orgid/method-validity.js";
import { ORGID_OPTIONS, type OrgIdProfileOptions } from "../orgid/orgid.js";
import type { Profile } from "../token-kind.js";
import { type AccountForm, createAccountProfile } from "./account-profile.js";
import { createEip712TokenHash, EIP712_KEY_ID, readEip712Signature } from "./account-signature.js";
import { type AccountProviders, PROVIDER_OPTIONS } from "./account-signer.js";
import { toExpInSeconds } from "./exp-in-milliseconds.js";

/** Options of {@link orgidEip712}. */
export interface OrgIdEip712ProfileOptions extends Omit<OrgIdProfileOptions, "requireIssuedAt">, AccountProviders {
	/** Also accepts `exp` in milliseconds, as the SDK's own verifier expects it. Default: false. */
	readonly acceptMilliseconds?: boolean | undefined;
}

const schema = optionsSchema<OrgIdEip712ProfileOptions>({
	...ORGID_OPTIONS,
	...PROVIDER_OPTIONS,
	acceptMilliseconds: v.optional(v.boolean("true or false")),
});

const FORM: AccountForm = {
	name: "orgid-eip712",
	recognizes: ({ header }) => header["alg"] === "ES256" && header["kid"] === EIP712_KEY_ID,
	parseIssuer({ header, claims }, parseIss) {
		assertHeader(header, { algorithm: "ES256", keyId: EIP712_KEY_ID, isKeyIdRequired: true });
		return parseIss(claims["iss"], "did-url");
	},
	describeSigner: formatDidUrl,
	findCandidates(resolved, issuer) {
		const method = selectVerificationMethod(resolved.document, issuer);
		const { chainId, address } = parseAccountId(method.blockchainAccountId);
		const keyId = formatDidUrl(issuer);
		if (chainId !== issuer.chainId) {
			const message = `expected the account of ${keyId} to be on chain ${issuer.chainId}, got ${chainId}`;
			throw new DidError("did/document-invalid", message, { details: { chainId } });
		}
		return {
			organization: resolved.organization,
			candidates: [{ keyId, account: address }],
			assertValidity: createValidityCheck(method, issuer, resolved),
		};
	},
	readSignature: readEip712Signature,
	createHash: createEip712TokenHash,
};

/**
 * Creates the profile of the SDK's EIP-712 tokens: `alg` is exactly `ES256` and `kid` exactly
 * `EcdsaSecp256k1RecoveryMethod2020`, although the signature is neither; `typ` is `JWT` or absent; `iss` is the DID URL
 * of a verification method whose `blockchainAccountId` is on the DID's own chain, and which is listed for
 * authentication if the document lists any. Everything else is checked as in `orgid` tokens. The SDK's own verifier
 * compares `exp` with milliseconds, so its clients write milliseconds: these are refused unless `acceptMilliseconds` is
 * set.
 *
 * @example
 * ```ts
 * import { createOrgIdEip712Minter, createVerifier, generateKeyPair, orgidEip712, toAddress } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * const did = `did:orgid:100:0x${"0a".repeat(32)}`;
 * const id = `${did}#wallet`;
 * const blockchainAccountId = `eip155:100:${toAddress(publicKey)}`;
 * const method = { id, type: "EcdsaSecp256k1RecoveryMethod2020", controller: did, blockchainAccountId };
 * const didDocument = { id: did, verificationMethod: [method] };
 * const resolver = {
 *   resolve: async () => ({ didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} }),
 * };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgidEip712({ audience, resolver })] });
 * const minter = createOrgIdEip712Minter({ key: privateKey, issuer: id, audience });
 * (await verifier.verify(await minter.mint({ scope: "book" }))).scopes; // => ["book"]
 * ```
 * @param options the server's own DID, its resolver, and nodes for accounts that are contracts
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgidEip712(options: OrgIdEip712ProfileOptions): Profile {
	assertOptions(schema, options, "orgidEip712");
	const { acceptMilliseconds = false } = options;
	return createAccountProfile(acceptMilliseconds ? { ...FORM, prepareClaims: toExpInSeconds } : FORM, options);
}
