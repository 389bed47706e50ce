/**
 * Recognizes a contract's generation.
 * @module
 */
import { RegistryError } from "../../errors/errors.js";
import { type AbiFunction, selectorOf } from "../abi/contract-abi.js";
import { abiOf } from "../bound-adapter.js";
import { callContract } from "../chain-reads.js";
import { hasCode } from "../coded-error.js";
import type { Connection } from "../connection.js";
import { isRevert } from "../nodes/canonical-answer.js";
import type { JsonRpcResponse } from "../rpc-transport.js";
import type { KnownAdapter, RegistryAdapter } from "./adapter.js";
import { ADAPTERS } from "./adapters.js";

/**
 * Recognizes a contract by the selectors in its code. A node may return other code, and our contract has all functions
 * of ORGiD 1.x: so a contract counts as ORGiD 1.x only if it refuses what ours answers. Code without known selectors may
 * be a proxy's, so the contract is asked.
 */
export async function detectAdapter(code: string, connection: Connection): Promise<RegistryAdapter> {
	const adapters = Object.values(ADAPTERS);
	const known = adapters.find(({ functions }) => functions.every((name) => dispatches(code, name)));
	const others =
		known === undefined ? adapters : adapters.slice(0, adapters.indexOf(known)).filter(hasFunctionsOf(known));
	const answers = await Promise.all(others.map((adapter) => isAnswered(adapter, connection)));
	const adapter = others.find((_, index) => answers[index]) ?? known;
	if (adapter === undefined) throw unknownContract(connection);
	return adapter;
}

/** PUSH4 and the selector, as every Solidity dispatcher compares them. */
function dispatches(code: string, signature: string): boolean {
	return code.includes(`63${selectorOf(signature).slice(2)}`);
}

function hasFunctionsOf({ functions }: KnownAdapter): (other: KnownAdapter) => boolean {
	return (other) => functions.every((name) => abiOf(other).functionOf(name) !== undefined);
}

/** Any failure but a revert is an outage: it says nothing about the contract. */
function isAnswered(adapter: KnownAdapter, connection: Connection): Promise<boolean> {
	const { address: to, provider } = connection;
	const [name, args] = adapter.probe;
	const { encodeCall, decodeResults } = abiOf(adapter).functionOf(name) as AbiFunction;
	const data = encodeCall(args);
	return connection.read(async () => {
		try {
			const result = await callContract(provider, { to, data, blockTag: "latest" });
			if (result === "0x") throw unknownContract(connection);
			const [answer] = decodeResults(result) as readonly unknown[];
			return answer !== false;
		} catch (error) {
			if (isReverted(error)) return false;
			throw error;
		}
	});
}

/** For ethers, every error that a node returns for a call is an exception of the contract. */
function isReverted(error: unknown): boolean {
	if (!hasCode(error, "CALL_EXCEPTION")) return false;
	const answer = error.info?.["error"];
	return answer === undefined || isRevert({ error: answer } as JsonRpcResponse);
}

function unknownContract({ address, chainId }: Connection): RegistryError {
	const message = `the contract at ${address} isn't a known kind of registry: pass its kind if it is one`;
	return new RegistryError("registry/no-contract", message, { details: { address, chainId } });
}
