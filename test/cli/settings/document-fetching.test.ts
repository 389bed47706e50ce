import { Command } from "commander";
import { expect, it } from "vitest";
import {
	DOCUMENT_FETCH_OPTIONS,
	type DocumentFetchFlags,
	toDocumentOptions,
} from "../../../src/cli/settings/document-fetching.ts";

const STRICT = {
	...{ allowHttp: false, allowPrivateAddresses: false, allowData: false },
	...{ ipfsGateway: undefined, acceptPrettyPrintedHash: false },
};
const rpcUrl = "http://127.0.0.1:1";
const REMOTE = { rpcUrl, chainId: 100, isLocal: false };

/** The flags of a command line. */
function parse(...argv: string[]): DocumentFetchFlags {
	const command = new Command();
	for (const option of DOCUMENT_FETCH_OPTIONS) command.addOption(option);
	return command.parse(argv, { from: "user" }).opts();
}

it.each<[string[], object]>([
	[[], {}],
	[["--allow-http"], { allowHttp: true }],
	[["--allow-private-addresses"], { allowPrivateAddresses: true }],
	[["--allow-data"], { allowData: true }],
	[["--ipfs-gateway", "https://ipfs.example"], { ipfsGateway: "https://ipfs.example" }],
	[["--accept-pretty-hash"], { acceptPrettyPrintedHash: true }],
])("%j relaxes one limit on documents", (argv, relaxed) => {
	expect(toDocumentOptions(parse(...argv), REMOTE)).toStrictEqual({ ...STRICT, ...relaxed });
});

it.each([
	["the local chain", { rpcUrl, chainId: 31_337, isLocal: true }, true],
	["another node of a chain with its number", { rpcUrl, chainId: 31_337, isLocal: false }, false],
	["a local node of another chain", { rpcUrl, chainId: 1, isLocal: true }, false],
])("http and private addresses are implied on a local chain only: %s", (_what, chain, isAllowed) => {
	expect(toDocumentOptions({}, chain)).toStrictEqual({
		...STRICT,
		...{ allowHttp: isAllowed, allowPrivateAddresses: isAllowed },
	});
});
