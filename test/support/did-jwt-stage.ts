/**
 * Organizations without a chain: their records stand in a map behind our own plugin, their documents in data: URIs. Every
 * token goes to our verifier and to did-jwt, both over that plugin.
 * @module
 */
import { verifyJWT } from "did-jwt";
import { type DIDResolutionResult, type Resolvable, Resolver } from "did-resolver";
import { Wallet } from "ethers";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { OrgId } from "../../src/did/did-url.ts";
import { encodeDocument } from "../../src/document/build-document.ts";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import type { OnChainKey, OrgRecord } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { codeOf } from "./document-stage.ts";
import { forgeToken } from "./forge-token.ts";

export const NOW = 1_800_000_000;
export const OWNER: Wallet = new Wallet(`0x${"21".repeat(32)}`);
const CHAIN_ID = 31_337;
const REGISTRY = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
/** Whom all tokens are for. */
export const AUDIENCE: string = `did:orgid:${CHAIN_ID}:0x${"0f".repeat(32)}`;

type Members = Readonly<Record<string, unknown>>;

/** A key on chain; times are in seconds from now, 0 for none. */
export interface ChainKey {
	readonly fragment: string;
	readonly key: PrivateKey;
	readonly validFrom?: number;
	readonly validUntil?: number;
	readonly isRevoked?: boolean;
}

/** What to put on chain and in the document. */
export interface OrganizationState {
	readonly kind?: RegistryKind;
	readonly active?: boolean;
	readonly keys?: readonly ChainKey[];
	/** The members of the document, given its DID; without it there is no document. */
	readonly document?: (did: string) => Members;
	/** The validity of its credential, in seconds from now; orgid-v3 only. */
	readonly credential?: { readonly issuedAt: number; readonly expiresAt?: number };
}

/** The keys of all organizations. */
export const KEYS: readonly PrivateKey[] = await Promise.all(
	Array.from({ length: 4 }, async () => (await generateKeyPair()).privateKey),
);

/** A document's method as org.id 0.x writes it, with whatever else is given. */
export function pemMethod(did: string, fragment: string, key: PrivateKey, members: Members = {}): Members {
	const publicKeyPem = exportPublicKey(key.publicKey, "spki-base64");
	return { id: `${did}#${fragment}`, type: "secp256k1", controller: did, publicKeyPem, ...members };
}

const records = new Map<OrgId, { readonly record: OrgRecord; readonly revoked: readonly OnChainKey[] }>();

/** Puts an organization on the stage. */
export async function addOrganization(state: OrganizationState): Promise<string> {
	const { kind = "orgpass", active = true, keys = [], document, credential } = state;
	const orgId = `0x${(records.size + 1).toString(16).padStart(64, "0")}` as OrgId;
	const did = `did:orgid:${CHAIN_ID}:${orgId}`;
	const onChain = keys.map(
		({ fragment, key, validFrom = 0, validUntil = 0, isRevoked = false }): OnChainKey => ({
			fragment,
			publicKeyHex: exportPublicKey(key.publicKey, "hex"),
			validFrom: validFrom === 0 ? 0 : NOW + validFrom,
			validUntil: validUntil === 0 ? 0 : NOW + validUntil,
			addedAt: 1,
			revokedAt: isRevoked ? NOW - 100 : 0,
		}),
	);
	const bytes = document && (await encodeFor(kind, did, document(did), credential));
	const uris = bytes && [`data:application/json;base64,${Buffer.from(bytes).toString("base64")}`];
	const { documentEvidence } = ADAPTERS[kind];
	records.set(orgId, {
		record: {
			...{ did, kind, documentEvidence, chainId: CHAIN_ID, registry: REGISTRY, orgId, active, blockNumber: 1 },
			owner: OWNER.address as `0x${string}`,
			keys: onChain.filter(({ revokedAt }) => revokedAt === 0),
			...(uris && { document: { uris, ...(documentEvidence === "hash" && { hash: hashDocument(bytes) }) } }),
		},
		revoked: onChain.filter(({ revokedAt }) => revokedAt !== 0),
	});
	return did;
}

/** As much of a registry as a resolver uses. */
const registry = {
	chainId: CHAIN_ID,
	address: REGISTRY,
	read: async (orgId: OrgId) => records.get(orgId)?.record,
	readKey: async (orgId: OrgId, fragment: string) =>
		records.get(orgId)?.revoked.find((key) => key.fragment === fragment),
	findBlock: async () => 1,
	readAdapter: async () => ADAPTERS.orgpass,
} as unknown as Registry;

/** A fresh resolver of the organizations. */
export function createStageResolver(now: () => number = () => NOW): OrgIdResolver {
	const documents = { allowData: true, maxBytes: 4_000_000 };
	return createOrgIdResolver({
		...{ networks: [{ chainId: CHAIN_ID, registry }], defaultChainId: CHAIN_ID, documents, now },
		cache: { maxEntries: 1_000 },
	});
}

/** A token for the stage's audience, valid for ten minutes around now. */
export function mintToken(iss: string, key: PrivateKey): Promise<string> {
	const payload = { iss, aud: AUDIENCE, iat: NOW - 300, exp: NOW + 300 };
	return forgeToken({ header: { alg: "ES256K", typ: "JWT" }, payload, key });
}

/** Our verdict on a token: `accepted`, or the code of the refusal. */
export function ourVerdict(token: string, resolver: Resolvable, now: number = NOW): Promise<string> {
	const profiles = [orgid({ audience: AUDIENCE, resolver, defaultChainId: CHAIN_ID })];
	return codeOf(createVerifier({ profiles, now: () => now }).verify(token));
}

/** Checks whether did-jwt accepts a token, by a key for authentication alone or by any key of the document. */
export async function isAcceptedByDidJwt(token: string, resolver: Resolvable, purpose: boolean): Promise<boolean> {
	const proofPurpose = purpose ? { proofPurpose: "authentication" as const } : {};
	try {
		const { verified } = await verifyJWT(token, {
			...{ resolver, audience: AUDIENCE, policies: { now: NOW }, skewTime: 0, ...proofPurpose },
		});
		return verified;
	} catch {
		return false;
	}
}

/** Our plugin behind did-resolver, as others use it. */
export function behindDidResolver(resolver: OrgIdResolver): Resolvable {
	return new Resolver({ ...resolver.plugin });
}

/** The document that others see. */
export async function resolveDocument(
	didUrl: string,
	resolver: Resolvable = createStageResolver(),
): Promise<NonNullable<DIDResolutionResult["didDocument"]>> {
	const { didDocument, didResolutionMetadata } = await resolver.resolve(didUrl);
	if (didDocument === null) throw new Error(String(didResolutionMetadata["message"]));
	return didDocument;
}

async function encodeFor(
	kind: RegistryKind,
	did: string,
	members: Members,
	credential: OrganizationState["credential"] = { issuedAt: -100 },
): Promise<Uint8Array> {
	const created = "2022-01-01T00:00:00.000Z";
	if (ADAPTERS[kind].documentEvidence === "hash") return encodeDocument({ id: did, created, ...members });
	const account = { id: `${did}#owner1`, controller: did, type: "EcdsaSecp256k1RecoveryMethod2020" };
	const blockchainAccountId = `eip155:${CHAIN_ID}:${OWNER.address}`;
	const { verificationMethod = [], ...others } = members as { readonly verificationMethod?: readonly object[] };
	const document = {
		...{ "@context": [], id: did, created, ...others },
		verificationMethod: [...verificationMethod, { ...account, blockchainAccountId }],
	};
	const { issuedAt, expiresAt } = credential;
	return encodeDocument(
		await signCredential({
			...{ document, verificationMethod: account.id, key: OWNER, now: NOW + issuedAt },
			...(expiresAt === undefined ? {} : { expiresAt: NOW + expiresAt }),
		}),
	);
}
