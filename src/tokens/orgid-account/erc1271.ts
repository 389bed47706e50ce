/**
 * Verifies signatures of accounts that are contracts, such as a Safe, by asking the contract (ERC-1271).
 * @module
 */
import { type Eip1193Provider, Interface, isError, type Provider } from "ethers";
import { LRUCache } from "lru-cache";
import { encodeHex } from "../../encoding/hex.js";
import { assertNodeChain, attempt, readChainId, toProvider } from "../../registry/connection.js";
import type { Address } from "../../registry/org-record.js";

const METHODS = new Interface(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/** The magic value as the ABI returns it: 4 bytes, then 28 zeros. */
const MAGIC_VALUE: string = `0x1626ba7e${"00".repeat(28)}`;

/** Enough for every known signature scheme; limits how much work a contract can cause on the node. */
const MAX_GAS = 2_000_000;

/** Geth's JSON-RPC code for a revert. */
const REVERTED = 3;

/** Nodes' messages for a call that failed in the contract, if they return no revert data. */
const CALL_FAILURES = [
	"revert",
	"out of gas",
	"invalid opcode",
	"invalid jump",
	"stack ",
	"out of bounds",
	"gas uint64 overflow",
	"VM execution error",
];

/** How long to remember whether an account is a contract; as long as resolvers cache organizations. */
const CODE_LIFETIME_MS = 60_000;
const MAX_ACCOUNTS = 10_000;

/** Verifies signatures with the contracts of one chain. */
export interface ContractAccounts {
	/** Whether the account is a contract that accepts the signature; at most one `eth_getCode` and one `eth_call`. */
	isSignedBy(account: Address, digest: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** Creates the verifier for one chain; the node isn't contacted before the first signature. */
export function createContractAccounts(chainId: number, provider: Provider | Eip1193Provider): ContractAccounts {
	const node = toProvider({ chainId, provider });
	const known = new LRUCache<Address, boolean>({ max: MAX_ACCOUNTS, ttl: CODE_LIFETIME_MS });
	let checked: Promise<void> | undefined;
	return { isSignedBy };

	async function isSignedBy(account: Address, digest: Uint8Array, signature: Uint8Array): Promise<boolean> {
		checked ??= checkChain().catch((error) => {
			checked = undefined;
			throw error;
		});
		await checked;
		return (await hasCode(account)) && isValidSignature(node, account, digest, signature);
	}

	async function checkChain(): Promise<void> {
		assertNodeChain(await attempt(() => readChainId(node)), chainId);
	}

	async function hasCode(account: Address): Promise<boolean> {
		const remembered = known.get(account);
		if (remembered !== undefined) return remembered;
		const isContract = (await attempt(() => node.getCode(account))) !== "0x";
		known.set(account, isContract);
		return isContract;
	}
}

/** Asks a contract with one `eth_call` whether a signature is valid (ERC-1271). */
export async function isValidSignature(
	provider: Provider,
	account: Address,
	digest: Uint8Array,
	signature: Uint8Array,
): Promise<boolean> {
	const data = METHODS.encodeFunctionData("isValidSignature", [encodeHex(digest), encodeHex(signature)]);
	return attempt(async () => {
		try {
			return (await provider.call({ to: account, data, gasLimit: MAX_GAS })) === MAGIC_VALUE;
		} catch (error) {
			if (isCallFailure(error)) return false;
			throw new Error("the node failed to make the call", { cause: error });
		}
	});
}

/** Whether the contract failed and not the node; ethers reports both as a call exception. */
function isCallFailure(error: unknown): boolean {
	if (!isError(error, "CALL_EXCEPTION")) return false;
	if (error.data !== null) return true;
	const { code, message } = (error.info?.["error"] ?? {}) as Readonly<Record<string, unknown>>;
	if (code === REVERTED) return true;
	return typeof message === "string" && CALL_FAILURES.some((failure) => message.includes(failure));
}
