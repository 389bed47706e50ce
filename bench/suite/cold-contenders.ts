/**
 * What resolves organizations that it doesn't know. Each loads its library only when it is opened: org.id-resolver 2 brings
 * polyfills that slow others down.
 * @module
 */
import { once } from "node:events";
import { get } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import type { DIDResolver } from "did-resolver";
import type { ColdChain } from "../cold-chain.ts";
import { installedVersion } from "./installed-version.ts";

const CHAIN_ID = 31_337;
const LOCAL = { allowHttp: true, allowPrivateAddresses: true } as const;

/** A library's resolver, without anything it has read before. */
export interface ColdResolver {
	/** Rejects if there is no key in the result. */
	resolve(index: number): Promise<void>;
	close?(): void;
}

export interface ColdContender {
	readonly name: string;
	readonly isOurs?: boolean;
	open(chain: ColdChain, rpcUrl: string): ColdResolver | Promise<ColdResolver>;
}

interface OrgIdResolver2 {
	readonly OrgIdResolver: new (options: {
		web3: object;
		orgId: string;
	}) => {
		resolve(did: string): Promise<{ readonly didDocument: { readonly publicKey: readonly object[] } }>;
		registerFetchMethod(method: object): void;
	};
	readonly httpFetchMethod: object;
}

const require = createRequire(import.meta.url);
export const WITH_DOCUMENT = "orgpass";
export const WITHOUT_DOCUMENT = "orgpass, keys on chain only";
export const THEIRS: string = `org.id-resolver ${installedVersion("@windingtree/org.id-resolver")}`;

export const CONTENDERS: readonly ColdContender[] = [
	{ name: WITH_DOCUMENT, isOurs: true, open: (chain, rpcUrl) => openOurs(chain, rpcUrl, LOCAL) },
	{ name: WITHOUT_DOCUMENT, isOurs: true, open: (chain, rpcUrl) => openOurs(chain, rpcUrl, false) },
	{ name: THEIRS, open: openTheirs },
	{ name: `ethr-did-resolver ${installedVersion("ethr-did-resolver")}`, open: openEthr },
	{ name: "the document alone, with node:http", open: openBare },
];

async function openOurs(
	{ registry, dids }: ColdChain,
	rpcUrl: string,
	documents: typeof LOCAL | false,
): Promise<ColdResolver> {
	const { createOrgIdResolver } = await import("orgpass");
	const resolver = createOrgIdResolver({ networks: [{ chainId: CHAIN_ID, rpcUrl, registry }], documents });
	return {
		async resolve(index) {
			const { didDocument } = await resolver.resolve(dids[index] as string);
			assertKeys(didDocument?.verificationMethod);
		},
		close: () => resolver.close(),
	};
}

/** One resolver for each organization: theirs mixes up organizations that are resolved at the same time. */
function openTheirs({ registry, dids }: ColdChain, rpcUrl: string): ColdResolver {
	const theirs = require("@windingtree/org.id-resolver") as OrgIdResolver2;
	const Web3 = require("web3") as new (url: string) => object;
	const web3 = new Web3(rpcUrl);
	return {
		async resolve(index) {
			const resolver = new theirs.OrgIdResolver({ web3, orgId: registry });
			resolver.registerFetchMethod(theirs.httpFetchMethod);
			const { didDocument } = await resolver.resolve((dids[index] as string).replace(`${CHAIN_ID}:`, ""));
			assertKeys(didDocument.publicKey);
		},
	};
}

async function openEthr({ ethrRegistry, ethrDids }: ColdChain, rpcUrl: string): Promise<ColdResolver> {
	const { Resolver } = await import("did-resolver");
	const { getResolver } = await import("ethr-did-resolver");
	const plugin = getResolver({ networks: [{ chainId: CHAIN_ID, rpcUrl, registry: ethrRegistry }] });
	const resolver = new Resolver(plugin as Record<string, DIDResolver>);
	return {
		async resolve(index) {
			const { didDocument } = await resolver.resolve(ethrDids[index] as string);
			assertKeys(didDocument?.verificationMethod?.slice(1));
		},
	};
}

/** Only fetches the documents, each over a connection of its own. */
function openBare({ documents }: ColdChain): ColdResolver {
	return {
		async resolve(index) {
			const [response] = await once(get(documents[index] as string, { agent: false }), "response");
			assertKeys((JSON.parse(await text(response)) as { readonly publicKey: readonly object[] }).publicKey);
		},
	};
}

function assertKeys(methods: readonly object[] | undefined): void {
	if (methods === undefined || methods.length === 0) throw new Error("expected a key in the result");
}
