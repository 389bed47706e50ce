/**
 * Organizations whose only key is in a document, with and without its hash on chain.
 * @module
 */
import { generateKeyPair } from "orgpass/keys";
import { createRegistry, type DocumentReference } from "orgpass/registry";
import { buildDocument, encodeDocument, hashDocument, signCredential } from "orgpass/resolver";
import { deployOrgIdV3 } from "../suite/contracts.ts";
import type { Fault } from "./fault.ts";
import { type FaultyHost, startFaultyHost } from "./faulty-host.ts";
import type { Stage } from "./stage.ts";

/** Whether the registry keeps a hash of the document. */
export type DocumentEvidence = "hash" | "proof";

export type DocumentStage = Awaited<ReturnType<typeof startDocumentStage>>;

/** An organization, its tokens, and the host of its document. */
export interface PublishedOrganization {
	readonly host: FaultyHost;
	readonly honest: string;
	readonly forged: string;
}

/** Deploys the second registry, if there has to be one. */
export async function startDocumentStage({ network, certificates, strange, mint }: Stage, evidence: DocumentEvidence) {
	const { chainId, provider, now } = network;
	const [owner] = network.accounts;
	const address = evidence === "hash" ? network.registry.address : (await deployOrgIdV3(owner)).address;
	const registry = createRegistry({ chainId, provider, address }).connect(owner);
	const { privateKey, publicKey } = await generateKeyPair();
	let writing: Promise<unknown> = Promise.resolve();
	const organizations = new Map<Fault, Promise<PublishedOrganization>>();
	return { address, use, close };

	/** Lends the organization whose host has this fault, to one trial at a time. */
	async function use<T>(fault: Fault, work: (organization: PublishedOrganization) => Promise<T>): Promise<T> {
		const lent = organizations.get(fault) ?? publish(fault);
		const using = lent.then(async (organization) => {
			const result = await work(organization);
			await organization.host.fail(undefined);
			return { organization, result };
		});
		organizations.set(
			fault,
			using.then(({ organization }) => organization),
		);
		return (await using).result;
	}

	async function close(): Promise<void> {
		for (const organization of organizations.values()) await (await organization).host.close();
	}

	/** Creates an organization with a document. */
	async function publish(fault: Fault): Promise<PublishedOrganization> {
		let document: Buffer = Buffer.alloc(0);
		const host = await startFaultyHost(async () => document, fault.isSecure === true ? certificates : undefined);
		// The account's transactions have to follow one another.
		const creating = writing.then(() => create(host.url));
		writing = creating;
		const { did, bytes } = await creating;
		document = Buffer.from(bytes);
		const issuer = `${did}#webserver`;
		return { host, honest: await mint(privateKey, issuer), forged: await mint(strange, issuer) };
	}

	async function create(url: string): Promise<{ readonly did: string; readonly bytes: Uint8Array }> {
		const { did, orgId } = await registry.createOrganization({
			document: { uris: [url], ...hashOf(new Uint8Array()) },
		});
		const bytes = await compose(did);
		if (evidence === "hash") await registry.setDocument(orgId, { uris: [url], ...hashOf(bytes) });
		return { did, bytes };
	}

	function hashOf(bytes: Uint8Array): Pick<DocumentReference, "hash"> {
		return evidence === "hash" ? { hash: hashDocument(bytes) } : {};
	}

	async function compose(did: string): Promise<Uint8Array> {
		const key = { fragment: "webserver", publicKey };
		if (evidence === "hash") {
			return encodeDocument(buildDocument({ did, generation: "0.x", verificationMethods: [key], now: now() }));
		}
		const account = { fragment: "owner", account: `eip155:${chainId}:${owner.address}` };
		const document = buildDocument({ did, generation: "1.x", verificationMethods: [key, account], now: now() });
		const verificationMethod = `${did}#owner`;
		return encodeDocument(await signCredential({ document, verificationMethod, key: owner, now: now() }));
	}
}
