/**
 * The limits on fetching documents, for the commands that read them.
 * @module
 */
import type { Option } from "commander";
import { LOCAL_CHAIN_ID } from "../../registry/known-networks.js";
import type { DocumentOptions } from "../../resolver/resolver-options.js";
import { option } from "../options.js";
import type { ChainSettings } from "./network.js";

export interface DocumentFetchFlags {
	readonly allowHttp?: boolean;
	readonly allowPrivateAddresses?: boolean;
	readonly allowData?: boolean;
	readonly ipfsGateway?: string;
	readonly acceptPrettyHash?: boolean;
}

/** The options of {@link DocumentFetchFlags}. */
export const DOCUMENT_FETCH_OPTIONS: readonly Option[] = [
	option("--allow-http", "fetch documents over http; implied on a local chain"),
	option("--allow-private-addresses", "fetch from private and loopback addresses; implied on a local chain"),
	option("--allow-data", "accept documents in data: URIs"),
	option("--ipfs-gateway <url>", "gateway for ipfs: URIs and CIDs, such as https://ipfs.io"),
	option("--accept-pretty-hash", "accept the hash of 2020-21, over the re-indented document"),
];

/** Converts the options to those of a resolver; documents of the local chain are served by this machine. */
export function toDocumentOptions(flags: DocumentFetchFlags, chain: ChainSettings): DocumentOptions {
	const isLocal = chain.isLocal && chain.chainId === LOCAL_CHAIN_ID;
	return {
		allowHttp: isLocal || flags.allowHttp === true,
		allowPrivateAddresses: isLocal || flags.allowPrivateAddresses === true,
		allowData: flags.allowData === true,
		ipfsGateway: flags.ipfsGateway,
		acceptPrettyPrintedHash: flags.acceptPrettyHash === true,
	};
}
