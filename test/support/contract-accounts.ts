/**
 * Accounts that are contracts: a real Safe with its owners, and tiny contracts that answer wrongly.
 * @module
 */
import { createRequire } from "node:module";
import {
	AbiCoder,
	type BaseWallet,
	Contract,
	ContractFactory,
	concat,
	getBytes,
	hashMessage,
	hexlify,
	type InterfaceAbi,
	type Signer,
	TypedDataEncoder,
} from "ethers";
import type { Address } from "../../src/registry/org-record.ts";
import type { AccountSigner } from "../../src/tokens/orgid-account/sign-account-token.ts";

interface Artifact {
	readonly abi: InterfaceAbi;
	readonly bytecode: string;
}

const require = createRequire(import.meta.url);
const SAFE = require("@safe-global/safe-smart-account/build/artifacts/contracts/Safe.sol/Safe.json") as Artifact;
const HANDLER =
	require("@safe-global/safe-smart-account/build/artifacts/contracts/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json") as Artifact;
const FACTORY =
	require("@safe-global/safe-smart-account/build/artifacts/contracts/proxies/SafeProxyFactory.sol/SafeProxyFactory.json") as Artifact;
const ZERO = `0x${"00".repeat(20)}`;
const MESSAGE_TYPES = { SafeMessage: [{ name: "message", type: "bytes" }] };

/** A Safe whose address is known before it is on chain. */
export interface TestSafe {
	readonly address: Address;
	/** What deploys it: the factory's address and its call data. */
	readonly deployment: readonly [factory: string, data: string];
	deploy(): Promise<void>;
	/** Signs for the Safe with the keys of some of its owners; all of them unless told. */
	signer(owners?: readonly BaseWallet[]): AccountSigner;
	/** Signs a digest as {@link signer} does: `0x` and hex digits. */
	signDigest(digest: Uint8Array, owners: readonly BaseWallet[]): string;
	/** Replaces an owner, signed by all. */
	swapOwner(from: BaseWallet, to: BaseWallet): Promise<void>;
}

/** Deploys a Safe. */
export async function deploySafe(account: Signer, owners: readonly BaseWallet[], chainId: number): Promise<TestSafe> {
	const safe = await prepareSafe(account, owners, chainId);
	await safe.deploy();
	return safe;
}

/** Deploys Safe 1.5.0 with its fallback handler, but not yet the proxy of it, owned by the wallets given. */
export async function prepareSafe(account: Signer, owners: readonly BaseWallet[], chainId: number): Promise<TestSafe> {
	const deploy = async ({ abi, bytecode }: Artifact): Promise<Contract> => {
		const contract = await new ContractFactory(abi, bytecode, account).deploy();
		await contract.waitForDeployment();
		return contract as Contract;
	};
	const singleton = await deploy(SAFE);
	const handler = await deploy(HANDLER);
	const factory = await deploy(FACTORY);
	const addresses = owners.map(({ address }) => address);
	const setup = [addresses, owners.length, ZERO, "0x", await handler.getAddress(), ZERO, 0, ZERO];
	const initializer = singleton.interface.encodeFunctionData("setup", setup);
	const create = factory.getFunction("createProxyWithNonce");
	const parameters = [await singleton.getAddress(), initializer, 0] as const;
	const address = (await create.staticCall(...parameters)) as Address;
	const data = factory.interface.encodeFunctionData(create.fragment, parameters);
	const safe = new Contract(address, SAFE.abi, account);

	return {
		address,
		deployment: [await factory.getAddress(), data],
		async deploy() {
			await (await create.send(...parameters)).wait();
		},
		signer: (signers = owners) => safeSigner(address, chainId, signers),
		signDigest: (digest, signers) => signDigest(address, chainId, signers, hexlify(digest)),
		async swapOwner(from, to) {
			const before = addresses[addresses.indexOf(from.address) - 1] ?? `0x${"00".repeat(19)}01`;
			const data = safe.interface.encodeFunctionData("swapOwner", [before, from.address, to.address]);
			const call = [address, 0, data, 0, 0, 0, 0, ZERO, ZERO] as const;
			const hash = (await safe.getFunction("getTransactionHash").staticCall(...call, 0)) as string;
			const signatures = joinSorted(owners, (owner) => owner.signingKey.sign(hash).serialized);
			await (await safe.getFunction("execTransaction").send(...call, signatures)).wait();
		},
	};
}

/** What Safe's own software does: the owners sign the Safe's message that holds the digest. */
function safeSigner(address: Address, chainId: number, owners: readonly BaseWallet[]): AccountSigner {
	const sign = (digest: string): string => signDigest(address, chainId, owners, digest);
	return {
		signMessage: async (message) => sign(hashMessage(message)),
		signTypedData: async (domain, types, value) => sign(TypedDataEncoder.hash(domain, types, value)),
	};
}

function signDigest(address: Address, chainId: number, owners: readonly BaseWallet[], digest: string): string {
	const domain = { chainId, verifyingContract: address };
	const hash = TypedDataEncoder.hash(domain, MESSAGE_TYPES, { message: digest });
	return joinSorted(owners, (owner) => owner.signingKey.sign(hash).serialized);
}

/** Safe wants signatures in the order of their owners' addresses. */
function joinSorted(owners: readonly BaseWallet[], sign: (owner: BaseWallet) => string): string {
	const sorted = [...owners].sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
	return concat(sorted.map(sign));
}

/** Deploys a contract of any code. */
export async function deployCode(account: Signer, code: string): Promise<Address> {
	const length = (code.length / 2).toString(16).padStart(4, "0");
	const sent = await account.sendTransaction({ data: `0x61${length}80600a3d393df3${code}` });
	return (await sent.wait())?.contractAddress as Address;
}

/** Wraps a signature with what deploys its account (ERC-6492). */
export function wrapSignature([factory, data]: TestSafe["deployment"], signature: string): Uint8Array {
	const wrapped = AbiCoder.defaultAbiCoder().encode(["address", "bytes", "bytes"], [factory, data, signature]);
	return getBytes(concat([wrapped, `0x${"6492".repeat(16)}`]));
}

/** Code that reverts with up to 64 kB of data. */
export function codeRevertingWith(data: string): string {
	const length = ((data.length - 2) / 2).toString(16).padStart(4, "0");
	return `61${length}80600a5f395ffd${data.slice(2)}`;
}

/** Code that answers every call with the first bytes of 64: a word, and what follows it. */
export function codeReturning(word: string, length: number, following = "00".repeat(32)): string {
	return `7f${word.padEnd(64, "0")}5f527f${following}60205260${length.toString(16).padStart(2, "0")}5ff3`;
}
