/**
 * How the commands that read organizations' documents may fetch them.
 * @module
 */
import type { DocumentOptions } from "../../resolver/resolver.js";
import type { ChainSettings } from "./network.js";

/** The flags of commands that fetch documents. */
export interface DocumentFetchFlags {
	readonly allowHttp?: boolean;
	readonly allowPrivateAddresses?: boolean;
	readonly allowData?: boolean;
	readonly ipfsGateway?: string;
	readonly acceptPrettyHash?: boolean;
}

/** The same, for their specifications. */
export const DOCUMENT_FETCH_FLAGS = [
	["--allow-http", "fetch documents by http, too; allowed on a local chain"],
	["--allow-private-addresses", "and from private and loopback addresses; allowed on a local chain"],
	["--allow-data", "take documents from data: URIs, too"],
	["--ipfs-gateway <url>", "where ipfs: URIs and CIDs are read, such as https://ipfs.io"],
	["--accept-pretty-hash", "take the hash of 2020-21, over the re-indented document, too"],
] as const;

/** The chain that `orgpass chain` runs. */
const LOCAL_CHAIN_ID = 31_337;

/**
 * Reads what may be fetched. On the chain of `orgpass chain` documents come from this machine: http and
 * private addresses are allowed there.
 */
export function documentOptions(flags: DocumentFetchFlags, chain: ChainSettings): DocumentOptions {
	const isLocal = chain.isLocal && chain.chainId === LOCAL_CHAIN_ID;
	return {
		allowHttp: isLocal || flags.allowHttp === true,
		allowPrivateAddresses: isLocal || flags.allowPrivateAddresses === true,
		allowData: flags.allowData === true,
		...(flags.ipfsGateway === undefined ? {} : { ipfsGateway: flags.ipfsGateway }),
		acceptPrettyPrintedHash: flags.acceptPrettyHash === true,
	};
}
