/**
 * A contract whose view functions answer what a test tells them, behind an EIP-1193 provider.
 * @module
 */
import { type Eip1193Provider, Interface, type InterfaceAbi } from "ethers";
import type { RegistryAdapter } from "../../src/registry/adapters/adapter.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";

/** An error of the node, in place of results. */
export interface NodeError {
	readonly code: number;
	readonly message: string;
	readonly data?: unknown;
}

/** Returns the results of a function. */
export type ContractAnswer = (args: readonly unknown[], block: string) => readonly unknown[] | NodeError;

/** A contract, and the registry that reads it. */
export interface FakeContract {
	readonly registry: Registry;
	/** The functions called so far, with their arguments and the block. */
	readonly calls: { readonly name: string; readonly args: readonly unknown[]; readonly block: string }[];
	/** By the name of the function; the others revert. */
	readonly answers: Record<string, ContractAnswer>;
	/** What the node answers to other methods. */
	readonly methods: Record<string, (params: readonly unknown[]) => unknown>;
}

export const CONTRACT = `0x${"11".repeat(20)}` as const;
/** The node's last block. */
export const HEAD = 100;

const REVERT: NodeError = { code: 3, message: "execution reverted", data: "0x" };

/** A contract of this ABI: read with the adapter, or with the one that is detected by its code. */
export function createFakeContract(abi: InterfaceAbi, adapter?: RegistryAdapter, code = "0x00"): FakeContract {
	const contract = new Interface(abi);
	const calls: FakeContract["calls"] = [];
	const answers: FakeContract["answers"] = {};
	const methods: FakeContract["methods"] = {
		eth_chainId: () => "0x7a69",
		eth_getCode: () => code,
		eth_blockNumber: () => `0x${HEAD.toString(16)}`,
		eth_call: ([call, block]) => answer((call as { readonly data: string }).data, String(block)),
	};
	const provider: Eip1193Provider = {
		request: async ({ method, params }) => methods[method]?.((params ?? []) as readonly unknown[]),
	};
	const registry = createRegistry({ chainId: 31_337, provider, address: CONTRACT, adapter });
	return { registry, calls, answers, methods };

	function answer(data: string, block: string): string {
		const called = contract.parseTransaction({ data });
		const { name = "", args = [] } = called ?? {};
		calls.push({ name, args: [...args], block });
		const results = answers[name]?.([...args], block) ?? REVERT;
		if (!Array.isArray(results)) throw results;
		return contract.encodeFunctionResult(name, results);
	}
}
