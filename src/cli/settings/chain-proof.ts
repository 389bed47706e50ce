/**
 * Proves that a chain wrote its `chain.json`: it serves the file's nonce as the code of an unused address.
 * @module
 */
import { randomBytes } from "node:crypto";
import { LOCAL_CHAIN_ID } from "../../registry/known-networks.js";
import { createRpcProvider } from "../../registry/rpc-provider.js";

/** "orgpass" in ASCII. */
const PLACE = `0x6f726770617373${"0".repeat(26)}`;

/** Stores a nonce on a new local chain. */
export async function plantNonce(rpcUrl: string): Promise<string> {
	const nonce = `0x00${randomBytes(32).toString("hex")}`;
	await send(rpcUrl, "hardhat_setCode", [PLACE, nonce]);
	return nonce;
}

/** Never sends the nonce: a server that echoes requests would pass. */
export async function servesNonce(rpcUrl: string, nonce: string): Promise<boolean> {
	try {
		return (await send(rpcUrl, "eth_getCode", [PLACE, "latest"])) === nonce;
	} catch {
		return false;
	}
}

async function send(rpcUrl: string, method: string, params: string[]): Promise<unknown> {
	const provider = createRpcProvider(rpcUrl, LOCAL_CHAIN_ID);
	try {
		return await provider.send(method, params);
	} finally {
		provider.destroy();
	}
}
