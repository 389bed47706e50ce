/**
 * Organizations with documents: every generation of registry on one chain, a local document server, and the
 * tokens, resolvers and verifiers that go with them, all on one clock.
 * @module
 */
import { randomBytes } from "node:crypto";
import { NonceManager, solidityPackedKeccak256, type Wallet } from "ethers";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { OrgId } from "../../src/did/did-url.ts";
import { buildDocument, encodeDocument } from "../../src/document/build-document.ts";
import { type SignCredentialOptions, signCredential } from "../../src/document/credential/sign-credential.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import type { NewMethod } from "../../src/document/new-method.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Address, DocumentReference } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { TransactionAccount } from "../../src/registry/transaction-account.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { type DocumentServer, startDocumentServer } from "./document-server.ts";
import { createMinter } from "./minters.ts";
import { deployKind, KINDS } from "./registry-kinds.ts";
import { nowSeconds } from "./system-clock.ts";
import { unlock } from "./unlocked-wallet.ts";

/** Whom all tokens are for. */
export const AUDIENCE: string = `did:orgid:31337:0x${"0f".repeat(32)}`;
/** Lets resolvers fetch from the stage's server. */
export const LOCAL = { allowHttp: true, allowPrivateAddresses: true } as const;

/** Transactions under way together. */
const AT_ONCE = 25;

/** What differs from an organization's usual document: its key `webserver`, and the owner's account in 1.x. */
export interface DocumentChange {
	/** Verification methods, instead of the key. */
	readonly methods?: readonly object[];
	/** More keys and accounts. */
	readonly add?: readonly NewMethod[];
	/** Members that are set; undefined takes one away. */
	readonly members?: object;
	/** The signer and validity if there is no hash on chain. */
	readonly sign?: Partial<SignCredentialOptions>;
}

/** What differs from a usual organization. */
export interface NewPublished extends DocumentChange {
	/** The addresses on chain, instead of the one of the document; given that one. */
	readonly uris?: (url: string) => readonly string[];
	/** Who owns it, instead of the stage's owner. */
	readonly owner?: Wallet;
	/** The chain its DID names, where a second one is made up. */
	readonly chainId?: number;
}

/** An organization with a document. */
export interface PublishedOrganization {
	readonly kind: RegistryKind;
	readonly did: string;
	readonly orgId: OrgId;
	/** Its key in the document. */
	readonly key: PrivateKey;
	readonly publicKey: PublicKey;
	/** DID URL of that key. */
	readonly issuer: string;
	/** Where its document is served. */
	readonly url: string;
	/** Makes a document, signed if necessary. */
	compose(change?: DocumentChange): Promise<Uint8Array>;
	/** Serves bytes at its address. */
	serve(bytes: Uint8Array | string, status?: number): void;
	/** Puts a document's hash on chain if the registry stores one. */
	anchor(bytes: Uint8Array): Promise<void>;
	/** Makes, serves and anchors a document. */
	publish(change?: DocumentChange): Promise<Uint8Array>;
	/** A token of its key, or of another one. */
	mint(key?: PrivateKey, issuer?: string): Promise<string>;
}

/** The stage. */
export interface DocumentStage {
	readonly network: TestNetwork;
	readonly server: DocumentServer;
	/** Seconds since the epoch; set it to move time. */
	readonly clock: { now: number };
	/** The contract of a kind. */
	address(kind: RegistryKind): Address;
	/** The registry of a kind, signing as the stage's owner. */
	registry(kind: RegistryKind): Registry;
	/** Creates an organization with a document on chain. */
	create(kind: RegistryKind, options?: NewPublished): Promise<PublishedOrganization>;
	/** Creates many at once, faster than one by one; nobody else may use the owner's account meanwhile. */
	createMany(
		kind: RegistryKind,
		count: number,
		options?: Omit<NewPublished, "owner">,
	): Promise<PublishedOrganization[]>;
	/** A resolver of a kind's registry that fetches from the stage's server. */
	resolver(kind: RegistryKind, options?: Partial<OrgIdResolverOptions>): OrgIdResolver;
	/** Verifies a token of the key in an organization's document. */
	verify(token: Promise<string> | string, resolver: OrgIdResolver): Promise<VerifiedToken>;
	close(): Promise<void>;
}

/** Starts chain, registries and server; about a second. */
export async function startDocumentStage(kinds: readonly RegistryKind[] = KINDS): Promise<DocumentStage> {
	const network = await startTestNetwork({ organizations: 0 });
	const server = await startDocumentServer();
	const clock = { now: nowSeconds() };
	const owner = unlock(network.accounts[0]);
	const { provider, rpcUrl, chainId } = network;
	const unlocked = unlockedAccount(provider, owner.address);
	const registries = new Map<RegistryKind, Registry>();
	for (const kind of kinds) {
		const address = await deployKind(kind, owner);
		registries.set(kind, createRegistry({ chainId, provider, address }));
	}
	const open: OrgIdResolver[] = [];
	let count = 0;

	return {
		network,
		server,
		clock,
		address: (kind) => registryOf(kind).address,
		registry: (kind) => registryOf(kind).connect(unlocked),
		create: (kind, options = {}) => create(kind, options, options.owner ?? unlocked),
		createMany,
		resolver,
		verify,
		async close() {
			for (const one of open) one.close();
			await server.close();
			await network.close();
		},
	};

	function registryOf(kind: RegistryKind): Registry {
		const registry = registries.get(kind);
		if (registry === undefined) throw new Error(`${kind} is not on this stage`);
		return registry;
	}

	function resolver(kind: RegistryKind, options: Partial<OrgIdResolverOptions> = {}): OrgIdResolver {
		const networks = [{ chainId, rpcUrl, registry: registryOf(kind).address }];
		const usual = { networks, documents: LOCAL, now: () => clock.now };
		const made = createOrgIdResolver({ ...usual, ...options });
		open.push(made);
		return made;
	}

	async function verify(token: Promise<string> | string, resolver: OrgIdResolver): Promise<VerifiedToken> {
		const profiles = [orgid({ audience: AUDIENCE, resolver })];
		return createVerifier({ profiles, now: () => clock.now, timeoutSeconds: 3_600 }).verify(await token);
	}

	/** Transactions one behind the other, without waiting for each: the account counts for itself. */
	async function createMany(
		kind: RegistryKind,
		total: number,
		options: Omit<NewPublished, "owner"> = {},
	): Promise<PublishedOrganization[]> {
		const sender = new NonceManager(owner);
		const made: PublishedOrganization[] = [];
		while (made.length < total) {
			const length = Math.min(AT_ONCE, total - made.length);
			made.push(...(await Promise.all(Array.from({ length }, () => create(kind, options, sender)))));
		}
		return made;
	}

	async function create(
		kind: RegistryKind,
		options: NewPublished,
		sender: TransactionAccount,
	): Promise<PublishedOrganization> {
		const { owner: account = owner, uris = (url) => [url], chainId: namedChain = chainId, ...change } = options;
		const salt = `0x${randomBytes(32).toString("hex")}` as const;
		const orgId = solidityPackedKeccak256(["address", "bytes32"], [account.address, salt]) as OrgId;
		const did = `did:orgid:${namedChain}:${orgId}`;
		const { privateKey: key, publicKey } = await generateKeyPair();
		const issuer = `${did}#webserver`;
		count += 1;
		const path = `/${count}/org.json`;
		const url = server.url(path);
		const registry = registryOf(kind).connect(sender);
		const organization: PublishedOrganization = {
			...{ kind, did, orgId, key, publicKey, issuer, url, compose },
			serve: (bytes, status = 200) => void server.serve(path, bytes, { status }),
			async anchor(bytes) {
				const later = registryOf(kind).connect(account === owner ? unlocked : account);
				if (kind !== "orgid-v3") await later.setDocument(orgId, reference(bytes));
			},
			async publish(composed) {
				const bytes = await compose(composed);
				organization.serve(bytes);
				await organization.anchor(bytes);
				return bytes;
			},
			mint: (signer = key, iss = issuer) =>
				createMinter({
					...{ profile: "orgid", key: signer, issuer: iss, audience: AUDIENCE, now: () => clock.now },
				}).mint(),
		};
		const first = await compose(change);
		organization.serve(first);
		const created = await registry.createOrganization({ salt, document: reference(first) });
		if (created.orgId !== orgId) throw new Error("the contract derives ids in another way");
		return organization;

		function reference(bytes: Uint8Array): DocumentReference {
			return kind === "orgid-v3" ? { uris: uris(url) } : { uris: uris(url), hash: hashDocument(bytes) };
		}

		async function compose({ methods, add = [], members, sign }: DocumentChange = {}): Promise<Uint8Array> {
			const isCredential = kind === "orgid-v3";
			const accountId = `eip155:${namedChain}:${account.address}`;
			const document = buildDocument({
				did,
				generation: isCredential ? "1.x" : "0.x",
				verificationMethods: [
					...(methods === undefined ? [{ fragment: "webserver", publicKey }] : []),
					...(isCredential ? [{ fragment: "owner1", account: accountId }] : []),
					...add,
				],
				now: clock.now,
			});
			const list = isCredential ? "verificationMethod" : "publicKey";
			const listed = [...(methods ?? []), ...(document[list] as object[])];
			const changed = { ...document, [list]: listed, ...members };
			if (!isCredential) return encodeDocument(changed);
			const verificationMethod = `${did}#owner1`;
			const signing = { document: changed, verificationMethod, key: account, now: clock.now, ...sign };
			return encodeDocument(await signCredential(signing));
		}
	}
}

/** The code of a failed verification, or `accepted`. */
export function codeOf(verifying: Promise<unknown>): Promise<string> {
	return verifying.then(
		() => "accepted",
		(error: { code?: string }) => error.code ?? String(error),
	);
}
