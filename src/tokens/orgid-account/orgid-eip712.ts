/**
 * Tokens of Winding Tree's SDK (`createAuthJWTWithEthers`, 1.2.0 and later): EIP-712, signed by an account
 * that the organization's document names.
 * @module
 */
import type { Resolvable } from "did-resolver";
import * as z from "zod/mini";
import { parseAccountId } from "../../did/account-id.js";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { selectVerificationMethod } from "../../did/verification-method.js";
import { DidError } from "../../errors/errors.js";
import { type TimeLimits, withExpInSeconds } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { checkHeader } from "../../jws/header.js";
import { checkOptions } from "../../options/check-options.js";
import { chainIdNumber } from "../../options/schemas.js";
import { checkMethodValidity } from "../orgid/method-validity.js";
import { checkOrganizationClaims } from "../orgid/organization-claims.js";
import {
	createIssuerParser,
	ORGANIZATION_OPTIONS,
	type OrganizationProfileOptions,
} from "../orgid/organization-issuer.js";
import { resolveOrganization } from "../orgid/resolve-organization.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { EIP712_KEY_ID, hashEip712Token, readEip712Signature } from "./account-signature.js";
import {
	type AccountProviders,
	type AccountSigners,
	createAccountSigners,
	PROVIDER_OPTIONS,
} from "./account-signer.js";

/** Options of {@link orgidEip712}. */
export interface OrgIdEip712ProfileOptions extends OrganizationProfileOptions, AccountProviders {
	/** The chain of issuers that name none; without it they are refused. */
	readonly defaultChainId?: number | undefined;
	/** Takes `exp` in milliseconds too, as the SDK's own verifier wants it; false by default. */
	readonly acceptMilliseconds?: boolean | undefined;
}

const optionsSchema = z.strictObject(
	{
		...ORGANIZATION_OPTIONS,
		...PROVIDER_OPTIONS,
		defaultChainId: z.optional(chainIdNumber),
		acceptMilliseconds: z.optional(z.boolean("true or false")),
	},
	"an object",
);

/**
 * Makes the profile of the SDK's EIP-712 tokens: `alg` exactly `ES256` with `kid` exactly
 * `EcdsaSecp256k1RecoveryMethod2020` (neither of which is true of the signature), `typ` `JWT` or none, `iss`
 * a DID URL of a verification method with a `blockchainAccountId` on the DID's own chain, listed for
 * authentication where the document lists any. Everything else is checked as `orgid` does: the SDK's own
 * verifier compares `exp` with milliseconds, so its clients write milliseconds, which are refused here
 * unless `acceptMilliseconds` is set.
 *
 * @example
 * ```ts
 * import { createMinter, createVerifier, generateKeyPair, orgidEip712, toAddress } from "orgpass";
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
 * const verifier = createVerifier({ profiles: [orgidEip712({ audience: "did:orgid:100:hotel", resolver })] });
 * const minter = createMinter({
 *   profile: "orgid-eip712", key: privateKey, issuer: id, audience: "did:orgid:100:hotel",
 * });
 * (await verifier.verify(await minter.mint({ scope: "book" }))).scopes; // => ["book"]
 * ```
 * @param options the server's own DID, its resolver, and nodes for accounts that are contracts
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgidEip712(options: OrgIdEip712ProfileOptions): Profile {
	checkOptions(optionsSchema, options, "orgidEip712");
	const { resolver, acceptMilliseconds = false } = options;
	const audience = Object.freeze([options.audience].flat() as string[]);
	const parseIss = createIssuerParser(options.chainIds, options.defaultChainId);
	const signers = createAccountSigners(options.providers);

	return Object.freeze({
		name: "orgid-eip712",
		recognizes: ({ header }: CompactJws) => header["alg"] === "ES256" && header["kid"] === EIP712_KEY_ID,
		parseIssuer,
		checkClaims: ({ claims }: CompactJws, limits: TimeLimits) =>
			checkOrganizationClaims(withExpInSeconds(claims, acceptMilliseconds), audience, limits),
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		checkHeader(header, { algorithm: "ES256", keyId: EIP712_KEY_ID, isKeyIdRequired: true });
		const keyId = parseIss(claims["iss"], "did-url");
		return {
			issuer: keyId.did,
			signer: `${formatDidUrl(keyId)}${signers.hint(keyId.chainId)}`,
			resolve: () => resolveIssuer(resolver, keyId, signers),
		};
	}
}

async function resolveIssuer(
	resolver: Resolvable,
	keyId: CanonicalDidUrl,
	signers: AccountSigners,
): Promise<ResolvedIssuer> {
	const resolved = await resolveOrganization(resolver, keyId);
	const { document, organization } = resolved;
	const method = selectVerificationMethod(document, keyId);
	const { chainId, address } = parseAccountId(method.blockchainAccountId);
	const name = formatDidUrl(keyId);
	if (chainId !== keyId.chainId) {
		const message = `expected the account of ${name} to be on chain ${keyId.chainId}, got ${chainId}`;
		throw new DidError("did/document-invalid", message, { details: { chainId } });
	}
	return {
		...(organization === undefined ? {} : { organization }),
		async findSigner(jws) {
			const signature = readEip712Signature(jws);
			if (signature === undefined) return undefined;
			return signers.find(chainId, [{ keyId: name, account: address }], hashEip712Token(jws), signature);
		},
		checkValidity: (limits) => checkMethodValidity(method, keyId, resolved, limits),
	};
}
