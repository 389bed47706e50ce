/** @module */

/** What the help of the program and the man pages say about all commands. */
export const HELP_NOTES = {
	"Exit codes": `0 success, 1 refused (token, DID, document or transaction), 2 wrong usage or key,
3 can't reach the chain or a document, 70 a bug, 130 interrupted.`,
	Settings: `flags, then ORGPASS_NETWORK, ORGPASS_RPC_URL, ORGPASS_REGISTRY and ORGPASS_KIND, then orgpass.json
here or above ({"network", "rpcUrl", "registry", "kind", "chainId"}), then a running \`orgpass chain\`.`,
	Keys: "KEY is a file, - for standard input, env:NAME, or a 0x… literal.",
};
