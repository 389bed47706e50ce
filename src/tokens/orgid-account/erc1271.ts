/**
 * Verifies signatures of contract accounts, such as a Safe, by asking the contract (ERC-1271). If it has no code yet,
 * it is deployed for the call (ERC-6492). contracts/SignatureCheck.sol does both in one `eth_call`.
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Eip1193Provider } from "ethers";
import { BoundedCache } from "../../caching/bounded-cache.js";
import { decodeHex, encodeHex } from "../../encoding/hex.js";
import { RegistryError } from "../../errors/errors.js";
import { createFairQueue, type FairQueueOptions } from "../../network/fair-queue.js";
import { createSharedWork } from "../../network/shared-work.js";
import { encodeParameters } from "../../registry/abi/abi-encoding.js";
import { ZERO_ADDRESS } from "../../registry/adapters/decode-organization.js";
import { badResponse } from "../../registry/call-error.js";
import { type ChainProvider, type EthersProvider, readChainId } from "../../registry/chain-reads.js";
import { hasCode } from "../../registry/coded-error.js";
import { assertNodeChain, attempt, toProvider } from "../../registry/connection.js";
import type { Address } from "../../registry/org-record.js";
import { toQuantity } from "../../registry/quantity.js";
import { type ContractSignature, unwrapSignature } from "./erc6492.js";
import { signatureCheckBytecode } from "./signature-check.contract.js";

/** The selector of `isValidSignature(bytes32,bytes)`, and what it returns for a valid signature. */
const SELECTOR = "0x1626ba7e";
const QUERY_PARAMETERS = ["bytes32", "bytes"].map((type) => ({ type }));
const CHECK_PARAMETERS = ["address", "bytes", "address", "bytes"].map((type) => ({ type }));

/** The magic value as the ABI returns it: 4 bytes, then 28 zeros. */
const MAGIC_VALUE: string = SELECTOR + "00".repeat(28);

/** The gas limits of contracts/SignatureCheck.sol for the account and its deployment; EIP-150 holds back a 64th. */
const SIGNATURE_GAS = 2_000_000;
const DEPLOYMENT_GAS = 3_000_000;
const MAX_CHECK_GAS = 300_000 + Math.ceil(((SIGNATURE_GAS + DEPLOYMENT_GAS) * 64) / 63);
/** EIP-7623 charges 40, and the code copies its parameters. */
const MAX_GAS_PER_BYTE = 64;

/** The answers of contracts/SignatureCheck.sol. */
const ANSWERS: Readonly<Record<string, Answer>> = Object.freeze({
	[wordOf(1)]: "refused",
	[wordOf(2)]: "accepted",
	[wordOf(3)]: "no-code",
});

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

/** How long to remember that a signature was refused; an owner may approve it on chain at any time. */
const REFUSAL_LIFETIME_MS = 5_000;
/** How long to remember that an account has no code; it may be deployed or delegated (EIP-7702) at any time. */
const NO_CODE_LIFETIME_MS = 1_000;
const MAX_REFUSALS = 10_000;

const MAX_WAITING = 250;
/** How many checks run at once on a chain, and for one account. */
const CHECKS: FairQueueOptions = {
	slots: 16,
	slotsPerGroup: 8,
	maxWaiting: MAX_WAITING,
	createFullError: (account) =>
		new RegistryError(
			"registry/unreachable",
			`${MAX_WAITING} signatures of ${account} are already waiting to be checked`,
		),
};

type Answer = "accepted" | "refused" | "no-code";

/** Verifies signatures with the contracts of one chain. */
export interface ContractAccounts {
	/** Whether the account is a contract that accepts the signature. */
	isSignedBy(account: Address, digest: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** Creates the verifier for one chain; the node isn't contacted before the first signature. */
export function createContractAccounts(chainId: number, provider: EthersProvider | Eip1193Provider): ContractAccounts {
	const node = toProvider({ chainId, provider });
	/** When accounts without code and refused signatures, by their hashes, are forgotten. */
	const refusals = new BoundedCache<number>(MAX_REFUSALS);
	const running = createSharedWork<boolean>();
	const checks = createSharedWork<void>();
	const enqueue = createFairQueue(CHECKS);
	let isChecked = false;
	return { isSignedBy };

	async function isSignedBy(account: Address, digest: Uint8Array, bytes: Uint8Array): Promise<boolean> {
		const signature = unwrapSignature(bytes);
		const id = encodeHex(keccak_256(new Uint8Array([...decodeHex(account), ...digest, ...bytes])));
		if (signature === undefined || isRefused(id)) return false;
		if (signature.deployment === undefined && isRefused(account)) return false;
		return running.run(id, () => enqueue(account, () => ask(account, digest, signature, id)));
	}

	function isRefused(name: string): boolean {
		return performance.now() < (refusals.get(name) ?? 0);
	}

	async function ask(account: Address, digest: Uint8Array, signature: ContractSignature, id: string): Promise<boolean> {
		if (!isChecked) await checks.run("chain", checkChain);
		const answer = await askAccount(node, account, digest, signature);
		if (answer === "accepted") return true;
		const isWithoutCode = answer === "no-code" && signature.deployment === undefined;
		if (isWithoutCode) refusals.set(account, performance.now() + NO_CODE_LIFETIME_MS);
		else refusals.set(id, performance.now() + REFUSAL_LIFETIME_MS);
		return false;
	}

	async function checkChain(): Promise<void> {
		assertNodeChain(node, await attempt(node, () => readChainId(node)), chainId);
		isChecked = true;
	}
}

/** Asks a contract whether a signature is valid; deploys it for the call if needed, as the signature says. */
export async function isValidSignature(
	provider: ChainProvider,
	account: Address,
	digest: Uint8Array,
	signature: Uint8Array,
): Promise<boolean> {
	const unwrapped = unwrapSignature(signature);
	return unwrapped !== undefined && (await askAccount(provider, account, digest, unwrapped)) === "accepted";
}

async function askAccount(
	provider: ChainProvider,
	account: Address,
	digest: Uint8Array,
	{ signature, deployment }: ContractSignature,
): Promise<Answer> {
	const query = SELECTOR + encodeParameters(QUERY_PARAMETERS, [digest, signature]);
	const { factory = ZERO_ADDRESS, data = "0x" } = deployment ?? {};
	const check = signatureCheckBytecode + encodeParameters(CHECK_PARAMETERS, [account, query, factory, data]);
	const gasLimit = MAX_CHECK_GAS + MAX_GAS_PER_BYTE * (check.length / 2 - 1);
	return attempt(provider, async () => {
		try {
			const word = await call(provider, { data: check, gasLimit });
			if (word === "0x") return await askDirectly(provider, account, query);
			const answer = ANSWERS[String(word)];
			if (answer !== undefined) return answer;
		} catch (error) {
			if (isCallFailure(error)) return "refused";
			throw new Error("the node failed to make the call", { cause: error });
		}
		throw badResponse();
	});
}

/** For nodes that run creation code but don't return its result, as IoTeX's do. */
async function askDirectly(provider: ChainProvider, account: Address, query: string): Promise<Answer> {
	const result = await call(provider, { to: account, data: query, gasLimit: SIGNATURE_GAS });
	return result === MAGIC_VALUE ? "accepted" : "refused";
}

/** ethers' own `call` is used if there is one. */
async function call(
	provider: ChainProvider,
	{ gasLimit, ...transaction }: { readonly to?: string; readonly data: string; readonly gasLimit: number },
): Promise<unknown> {
	if ("call" in provider) return provider.call({ ...transaction, gasLimit });
	return provider.send("eth_call", [{ gas: toQuantity(gasLimit), ...transaction }, "latest"]);
}

/** Whether the contract failed and not the node; ethers reports both as a call exception. */
function isCallFailure(error: unknown): boolean {
	if (!hasCode(error, "CALL_EXCEPTION")) return false;
	if (error.data !== null) return true;
	const { code, message } = (error.info?.["error"] ?? {}) as Readonly<Record<string, unknown>>;
	if (code === REVERTED) return true;
	return typeof message === "string" && CALL_FAILURES.some((failure) => message.includes(failure));
}

function wordOf(value: number): string {
	return `0x${value.toString(16).padStart(64, "0")}`;
}
