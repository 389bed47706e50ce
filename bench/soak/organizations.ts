/**
 * The organizations that sign in, and what is true about their keys: the chain's state and when it changed.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { exportPrivateKey, generateKeyPair, type PrivateKey, type PublicKey } from "orgpass/keys";
import { createRegistry, type Registry } from "orgpass/registry";
import { buildDocument, encodeDocument, signCredential } from "orgpass/resolver";
import { type FaultyHost, startFaultyHost } from "../faults/faulty-host.ts";
import { now } from "./clock.ts";
import { AGREEMENT_CHAIN, DOCUMENT_CHAIN, ORDER_CHAIN, type Stage } from "./stage.ts";

const ROTATING = 3;
const PUBLISHED = 4;
/** How long a verifier may need to notice that a document has changed. */
const DOCUMENT_NOTICE_MS = 2_500;
const MAX_GONE = 100;
/** How long a branch lasts that a reorganization removes. */
const REORGANIZED_MS = 2_000;

/** A key of an organization. Times are those of `now`. */
export interface Identity {
	readonly fragment: string;
	/** The private key as PEM. */
	readonly key: string;
	/** The organization has the same id on each of these chains. */
	readonly chainIds: readonly number[];
	readonly orgId: string;
	/** From then on it has to be accepted. */
	readonly validFrom: number;
	/** Just before its revocation was sent. */
	validTo: number;
	/** When its revocation was on chain. */
	goneAt: number;
}

/** The organizations. */
export interface Organizations {
	/** Keys that are valid. */
	readonly current: Set<Identity>;
	/** Keys that were revoked, the last hundred. */
	readonly gone: Identity[];
	/**
	 * Revokes the key of one of the organizations of our registry, or adds the next one. In between, nothing but the
	 * registry's log tells a verifier that something has changed.
	 */
	rotate(): Promise<void>;
	/** The same for an organization with a document. */
	rotateDocument(): Promise<void>;
	/** Adds a key and takes it back by a reorganization of the chain. */
	reorganize(): Promise<void>;
	/** The hosts of documents. */
	readonly hosts: readonly FaultyHost[];
	close(): Promise<void>;
}

/** A key in a document. */
interface DocumentKey {
	readonly fragment: string;
	readonly publicKey: PublicKey;
}

/** An organization with a document. */
interface Published {
	readonly orgId: `0x${string}`;
	readonly host: FaultyHost;
	/** Publishes a document with these keys, besides the one that is always in it. */
	publish(...keys: readonly DocumentKey[]): Promise<void>;
}

/** Creates organizations with documents besides those of the stage. What changes is waited for by `onChange`. */
export async function createOrganizations(stage: Stage, onChange: () => Promise<void>): Promise<Organizations> {
	const { network, clients } = stage;
	const current = new Set<Identity>();
	const gone: Identity[] = [];
	let count = 0;
	let rotations = 0;
	let writing: Promise<unknown> = Promise.resolve();
	const rotating = clients.slice(0, ROTATING).map(({ orgId, owner, key }) => {
		const registry = network.registry.connect(owner);
		const identity = add(orgId, "webserver", key, [ORDER_CHAIN, AGREEMENT_CHAIN]) as Identity | undefined;
		return { orgId, registry, identity };
	});
	for (const { orgId, key } of clients.slice(ROTATING)) add(orgId, "webserver", key, [ORDER_CHAIN, AGREEMENT_CHAIN]);
	const published: Published[] = [];
	for (let index = 0; index < PUBLISHED; index++) published.push(await publish());
	let documentKey: Identity | undefined;

	return {
		current,
		gone,
		rotate: () => write(rotate),
		rotateDocument: () => write(rotateDocument),
		reorganize: () => write(reorganize),
		hosts: published.map(({ host }) => host),
		async close() {
			await writing;
			for (const { host } of published) await host.close();
		},
	};

	/** One change at a time, so that a reorganization undoes nothing else. */
	function write(work: () => Promise<void>): Promise<void> {
		const written = writing.then(work);
		writing = written.catch(() => undefined);
		return written;
	}

	async function createKey() {
		count += 1;
		return { fragment: `key-${count}`, ...(await generateKeyPair()) };
	}

	function add(orgId: string, fragment: string, key: PrivateKey, chainIds: readonly number[], noticeMs = 0): Identity {
		const pem = exportPrivateKey(key, "sec1");
		const validFrom = now() + noticeMs;
		const end = { validTo: Number.POSITIVE_INFINITY, goneAt: Number.POSITIVE_INFINITY };
		const identity: Identity = { orgId, fragment, key: pem, chainIds, validFrom, ...end };
		current.add(identity);
		return identity;
	}

	async function end(identity: Identity, revoke: () => Promise<unknown>): Promise<void> {
		current.delete(identity);
		identity.validTo = now();
		gone.push(identity);
		if (gone.length > MAX_GONE) gone.shift();
		await onChange();
		await revoke();
		identity.goneAt = now();
		await onChange();
	}

	async function rotate(): Promise<void> {
		rotations += 1;
		const one = rotating[rotations % ROTATING];
		if (one === undefined) return;
		const { orgId, registry, identity } = one;
		if (identity !== undefined) {
			one.identity = undefined;
			return end(identity, () => registry.revokeKey(orgId, identity.fragment));
		}
		const { fragment, privateKey, publicKey } = await createKey();
		await registry.addKey(orgId, { fragment, publicKey });
		one.identity = add(orgId, fragment, privateKey, [ORDER_CHAIN, AGREEMENT_CHAIN]);
		await onChange();
	}

	async function publish(): Promise<Published> {
		const fixed = await createKey();
		const organization = await createPublished(stage, fixed);
		add(organization.orgId, fixed.fragment, fixed.privateKey, [DOCUMENT_CHAIN]);
		return organization;
	}

	async function rotateDocument(): Promise<void> {
		const [one] = published;
		if (one === undefined) return;
		if (documentKey !== undefined) {
			const identity = documentKey;
			documentKey = undefined;
			return end(identity, () => one.publish());
		}
		const made = await createKey();
		await one.publish(made);
		documentKey = add(one.orgId, made.fragment, made.privateKey, [DOCUMENT_CHAIN], DOCUMENT_NOTICE_MS);
		await onChange();
	}

	async function reorganize(): Promise<void> {
		const { provider } = network;
		const { orgId, owner } = clients[ROTATING] as (typeof clients)[number];
		const snapshot: string = await provider.send("evm_snapshot", []);
		const { fragment, privateKey, publicKey } = await createKey();
		await network.registry.connect(owner).addKey(orgId, { fragment, publicKey });
		const identity = add(orgId, fragment, privateKey, [ORDER_CHAIN, AGREEMENT_CHAIN]);
		await onChange();
		await sleep(REORGANIZED_MS);
		await end(identity, async () => {
			await provider.send("evm_revert", [snapshot]);
			for (let block = 0; block < 3; block++) await provider.send("evm_mine", []);
		});
	}
}

/** Creates an organization whose keys are in its document, signed by its owner. */
async function createPublished({ network, orgIdV3 }: Stage, fixed: DocumentKey): Promise<Published> {
	const { chainId, provider, accounts, now } = network;
	const [owner] = accounts;
	const registry: Registry = createRegistry({ chainId, provider, address: orgIdV3 }).connect(owner);
	let bytes: Buffer = Buffer.alloc(0);
	const host = await startFaultyHost(async () => bytes);
	const uris = [`http://127.0.0.1:${new URL(host.url).port}/`];
	const { orgId } = await registry.createOrganization({ document: { uris } });
	const did = `did:orgid:${DOCUMENT_CHAIN}:${orgId}`;
	bytes = await compose([fixed]);
	return {
		...{ orgId, host },
		async publish(...keys) {
			bytes = await compose([fixed, ...keys]);
			// The registry announces the change.
			await registry.setDocument(orgId, { uris });
		},
	};

	async function compose(keys: readonly DocumentKey[]): Promise<Buffer> {
		const listed = keys.map(({ fragment, publicKey }) => ({ fragment, publicKey }));
		const account = { fragment: "owner", account: `eip155:${DOCUMENT_CHAIN}:${owner.address}` };
		const document = buildDocument({ did, generation: "1.x", verificationMethods: [...listed, account], now: now() });
		const signing = { document, verificationMethod: `${did}#owner`, key: owner, now: now() };
		return Buffer.from(encodeDocument(await signCredential(signing)));
	}
}
