/**
 * A process of its own: a local chain with organizations in our registry, each with a key on chain and in a document, and
 * as many identities in ethr-did's; a node that remembers its responses; a host of the documents; and a proxy that counts
 * requests. Its argument is the number
 * of organizations. It sends a `ColdChain` to its parent, and answers each message with the requests since the last one.
 * `subjects/cold.ts` starts it.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Contract, encodeBytes32String, SigningKey } from "ethers";
import { exportPublicKey } from "orgpass/keys";
import { encodeDocument, hashDocument } from "orgpass/resolver";
import { startTestNetwork, type TestOrganization } from "orgpass/testing";
import { startRpcCounter } from "../test/support/rpc-counter.ts";
import { deployEthrDidRegistry } from "./suite/contracts.ts";
import { startRememberingNode } from "./suite/remembering-node.ts";

/** Where everything is. */
export interface ColdChain {
	readonly rpcUrl: string;
	/** The same node, behind the proxy. */
	readonly countedUrl: string;
	readonly registry: `0x${string}`;
	readonly dids: readonly string[];
	/** The URLs of their documents. */
	readonly documents: readonly string[];
	readonly ethrRegistry: string;
	readonly ethrDids: readonly string[];
}

/** Requests to the proxy and to the host of documents. */
export interface RequestCounts {
	readonly node: number;
	readonly documents: number;
}

const ATTRIBUTE = encodeBytes32String("did/pub/Secp256k1/veriKey/hex");
const YEAR_SECONDS = 31_536_000;

const documents = new Map<string, Uint8Array>();
let fetched = 0;
const host = createServer((incoming, outgoing) => {
	fetched += 1;
	outgoing.writeHead(200, { "content-type": "application/json" });
	outgoing.end(documents.get(incoming.url ?? ""));
});
host.listen(0, "127.0.0.1");
await once(host, "listening");
const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;

const network = await startTestNetwork({ organizations: Number(process.argv[2]) });
const { rpcUrl, registry, chainId, organizations } = network;
const ethr = await deployEthrDidRegistry(network.accounts[0]);
await Promise.all(organizations.map(publish));
const nodeUrl = await startRememberingNode(rpcUrl);
const counter = await startRpcCounter(nodeUrl);

process.on("disconnect", () => process.exit());
process.on("message", () => {
	const counts: RequestCounts = { node: counter.requests(), documents: fetched };
	counter.reset();
	fetched = 0;
	process.send?.(counts);
});
const chain: ColdChain = {
	rpcUrl: nodeUrl,
	countedUrl: counter.url,
	registry: registry.address,
	dids: organizations.map(({ did }) => did),
	documents: organizations.map(({ orgId }) => origin + pathOf(orgId)),
	ethrRegistry: ethr.address,
	ethrDids: organizations.map(({ owner }) => `did:ethr:0x${chainId.toString(16)}:${owner.address}`),
};
process.send?.(chain);

async function publish({ did, orgId, owner, key }: TestOrganization): Promise<void> {
	const path = pathOf(orgId);
	const bytes = encodeDocument(
		documentOf(did.replace(`${chainId}:`, ""), exportPublicKey(key.publicKey, "spki-base64")),
	);
	documents.set(path, bytes);
	await registry.connect(owner).setDocument(orgId, { uris: [origin + path], hash: hashDocument(bytes) });
	const identity = ethr.contract.connect(owner) as Contract;
	const point = SigningKey.computePublicKey(exportPublicKey(key.publicKey, "hex"), true);
	await (await identity.getFunction("setAttribute").send(owner.address, ATTRIBUTE, point, YEAR_SECONDS)).wait();
}

function pathOf(orgId: string): string {
	return `/${orgId}.json`;
}

/** A document as org.id-resolver 2 knows them, without a chain in its ids. */
function documentOf(id: string, publicKeyPem: string): object {
	return {
		"@context": "https://windingtree.com/ns/did/v1",
		id,
		created: "2021-01-01T00:00:00.000Z",
		publicKey: [{ id: `${id}#mailserver`, type: "secp256k1", controller: id, publicKeyPem }],
		legalEntity: {
			...{ legalName: "Acme, Corp.", registryCode: "US12345567", legalType: "GmBH" },
			registeredAddress: { country: "CZ", locality: "Jihlava", postalCode: "71354", streetAddress: "3150 Main St." },
		},
	};
}
