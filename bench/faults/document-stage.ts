/**
 * Organizations whose only key is in a document, with and without its hash on chain.
 * @module
 */
import { createRequire } from "node:module";
import { ContractFactory, type InterfaceAbi } from "ethers";
import { generateKeyPair } from "orgpass/keys";
import { type Address, createRegistry } from "orgpass/registry";
import { buildDocument, encodeDocument, hashDocument, signCredential } from "orgpass/resolver";
import type { Stage } from "./stage.ts";

/** Whether the registry keeps a hash of the document. */
export type DocumentEvidence = "hash" | "proof";

export type DocumentStage = Awaited<ReturnType<typeof startDocumentStage>>;

/** An organization and its tokens. */
export interface PublishedOrganization {
	readonly document: Buffer;
	readonly honest: string;
	readonly forged: string;
}

/** Deploys the second registry. */
export async function startDocumentStage({ network, strange, mint }: Stage) {
	const { chainId, provider, now } = network;
	const [owner] = network.accounts;
	const artifact = createRequire(import.meta.url)("orgid-v3/dist/artifacts/contracts/OrgId.sol/OrgId.json");
	const { abi, bytecode } = artifact as { readonly abi: InterfaceAbi; readonly bytecode: string };
	const contract = await new ContractFactory(abi, bytecode, owner).deploy();
	await contract.waitForDeployment();
	await (await contract.getFunction("initialize()").send()).wait();
	const registries = {
		hash: network.registry.connect(owner),
		proof: createRegistry({ chainId, provider, address: (await contract.getAddress()) as Address }).connect(owner),
	};
	const { privateKey, publicKey } = await generateKeyPair();
	let writing: Promise<unknown> = Promise.resolve();
	return { addressOf: (evidence: DocumentEvidence) => registries[evidence].address, publish };

	/** Creates an organization whose document is at a URL. */
	async function publish(evidence: DocumentEvidence, url: string): Promise<PublishedOrganization> {
		const registry = registries[evidence];
		// The account's transactions have to follow one another.
		const creating = writing.then(() => create());
		writing = creating;
		const { did, document } = await creating;
		const issuer = `${did}#webserver`;
		return {
			document: Buffer.from(document),
			honest: await mint(privateKey, issuer),
			forged: await mint(strange, issuer),
		};

		async function create() {
			const { did, orgId } = await registry.createOrganization({
				document: { uris: [url], ...(evidence === "hash" && { hash: `0x${"00".repeat(31)}01` as const }) },
			});
			const document = await compose(evidence, did);
			if (evidence === "hash") await registry.setDocument(orgId, { uris: [url], hash: hashDocument(document) });
			return { did, document };
		}
	}

	async function compose(evidence: DocumentEvidence, did: string): Promise<Uint8Array> {
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
