import { AbiCoder, concat, getCreateAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { createContractAccounts } from "../../src/tokens/orgid-account/erc1271.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import { signatureCheckBytecode } from "../../src/tokens/orgid-account/signature-check.contract.ts";
import { codeRevertingWith, deployCode, wrapSignature } from "../support/contract-accounts.ts";
import { withSignature } from "../support/forge-token.ts";
import { createMinter } from "../support/minters.ts";
import { startRawServer } from "../support/raw-server.ts";
import { expectRefusal } from "../support/refusal.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { resolverWith, resultOf } from "../support/static-resolver.ts";

const DIGEST = new Uint8Array(32).fill(7);
const SIGNATURE = Uint8Array.of(1, 2, 3);

let network: Awaited<ReturnType<typeof startTestNetwork<1>>>;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 1 });
});
afterAll(() => network.close());

describe("T79: junk tokens for contract accounts", () => {
	it("T79: copies of a token cause one call for each account, at once or one after the other", async () => {
		const { did, orgId, owner: key } = network.organizations[0];
		const [funder] = network.accounts;
		const owner = await deployCode(funder, "5b5f56");
		const director = await deployCode(funder, "620dbba05ffd");
		const record = { ...(await network.registry.read(orgId)), owner, director };
		const { didDocument } = await network.resolver.resolve(did);
		const resolver = resolverWith(resultOf(didDocument as never, { organization: record }));
		const counter = await startRpcCounter(network.rpcUrl);
		const provider = createProvider(counter.url, network.chainId);
		const profile = orgidEth({ audience: did, resolver, providers: { [network.chainId]: provider } });
		const verifier = createVerifier({ profiles: [profile], now: network.now });
		const options = { profile: "orgid-eth", key, issuer: did, audience: did, now: network.now } as const;
		const token = withSignature(await createMinter(options).mint(), SIGNATURE);
		const refuse = () => expectRefusal(() => verifier.verify(token), "token/signature");
		await Promise.all(Array.from({ length: 300 }, refuse));
		for (let copy = 0; copy < 50; copy++) await refuse();
		expect(counter.count("eth_call")).toBe(2);
		expect(counter.count("eth_getCode")).toBe(0);
		provider.destroy();
		await counter.close();
	});

	it("T79: of different tokens, eight at once are asked about, and the others wait or are an outage", async () => {
		const { most, results } = await askAtOnce(3_000, () => 0x11);
		expect(most).toBe(8);
		expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(258);
		const reasons = results.map((result) => (result.status === "rejected" ? result.reason.code : undefined));
		expect(new Set(reasons)).toEqual(new Set([undefined, "registry/unreachable"]));
	});

	it("T79: sixteen at once are asked about on a chain, however many accounts there are", async () => {
		const { most, results } = await askAtOnce(400, (index) => index % 100);
		expect(most).toBe(16);
		expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["fulfilled"]));
	});
});

/** Checks so many signatures, of an account of this number each, with a node that responds to all calls it has at a time. */
async function askAtOnce(count: number, accountOf: (index: number) => number) {
	let [running, most] = [0, 0];
	const ends: (() => void)[] = [];
	const provider = {
		async request({ method }: { method: string }) {
			if (method === "eth_chainId") return "0x7a69";
			most = Math.max(most, ++running);
			await new Promise<void>((resolve) => ends.push(resolve));
			running -= 1;
			return `0x${"00".repeat(31)}01`;
		},
	};
	const accounts = createContractAccounts(31_337, provider);
	const asked = Array.from({ length: count }, (_, index) =>
		accounts.isSignedBy(
			`0x${accountOf(index).toString(16).padStart(40, "0")}`,
			DIGEST,
			Uint8Array.of(index >> 8, index & 255),
		),
	);
	let results: PromiseSettledResult<boolean>[] | undefined;
	Promise.allSettled(asked).then((all) => {
		results = all;
	});
	while (results === undefined) {
		for (const end of ends.splice(0)) end();
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { most, results };
}

describe("T79: answers of hostile accounts and factories", () => {
	it.each<[string, string]>([
		["a revert of 900 kB", "620dbba05ffd"],
		["900 kB", "620dbba05ff3"],
		["a long reason", codeRevertingWith(reason("x".repeat(20_000)))],
		["the magic value and 900 kB", `7f1626ba7e${"00".repeat(28)}5f52620dbba05ff3`],
		["nothing until its gas is used up", "5b5f56"],
		["the longest revert its gas can pay", "620f42405ffd"],
	])("T79: %s costs the verifier one word", async (_what, code) => {
		const account = await deployCode(network.accounts[0], code);
		const answers: unknown[] = [];
		const provider = {
			async request({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }) {
				const answer: unknown = await network.provider.send(method, (params ?? []) as unknown[]);
				if (method === "eth_call") answers.push(answer);
				return answer;
			},
		};
		const accounts = createContractAccounts(31_337, provider);
		expect(await accounts.isSignedBy(account, DIGEST, SIGNATURE)).toBe(false);
		const wrapped = wrapSignature([account, "0x"], "0x1234");
		expect(await accounts.isSignedBy(`0x${"12".repeat(20)}`, DIGEST, wrapped)).toBe(false);
		expect(answers).toEqual([`0x${"00".repeat(31)}01`, `0x${"00".repeat(31)}03`]);
	});

	it("T79: the URLs of an OffchainLookup (ERC-3668) aren't requested, whoever reverts with it", async () => {
		const server = await startRawServer();
		const types = ["address", "string[]", "bytes", "bytes4", "bytes"];
		const [funder] = network.accounts;
		// A client follows only if the sender named is the contract itself: the next one that is deployed.
		const address = getCreateAddress({ from: funder.address, nonce: await funder.getNonce() });
		const lookup = AbiCoder.defaultAbiCoder().encode(types, [address, [server.url], "0x", "0x1626ba7e", "0x"]);
		const account = await deployCode(funder, codeRevertingWith(concat(["0x556f1830", lookup])));
		expect(account).toBe(address);
		const direct = Object.assign(createProvider(network.rpcUrl, 31_337), {
			call: async (call: { to?: unknown }) => (call.to ? network.provider.call(call as object) : "0x"),
		});
		for (const provider of [network.provider, direct]) {
			const accounts = createContractAccounts(31_337, provider);
			expect(await accounts.isSignedBy(account, DIGEST, SIGNATURE)).toBe(false);
			const wrapped = wrapSignature([account, "0x"], "0x1234");
			expect(await accounts.isSignedBy(`0x${"12".repeat(20)}`, DIGEST, wrapped)).toBe(false);
		}
		expect(server.accepted()).toBe(0);
		direct.destroy();
		await server.close();
	});

	it("T79: the contract that asks is never deployed: all its code is sent in calls", async () => {
		const account = await deployCode(network.accounts[0], "5f5ffd");
		const requests: { readonly method: string; readonly to: unknown; readonly data: string }[] = [];
		const provider = {
			async request({ method, params }: { method: string; params?: unknown[] | Record<string, unknown> }) {
				const [{ to, data = "" } = {}] = (params ?? []) as { to?: unknown; data?: string }[];
				if (method !== "eth_chainId") requests.push({ method, to, data });
				return network.provider.send(method, (params ?? []) as unknown[]);
			},
		};
		const accounts = createContractAccounts(31_337, provider);
		await accounts.isSignedBy(account, DIGEST, SIGNATURE);
		await accounts.isSignedBy(`0x${"12".repeat(20)}`, DIGEST, wrapSignature([account, "0x"], "0x1234"));
		expect(requests.map(({ method, to }) => [method, to])).toEqual(Array(2).fill(["eth_call", undefined]));
		for (const { data } of requests) expect(data.startsWith(signatureCheckBytecode)).toBe(true);
	});

	it("T79: a factory changes no state", async () => {
		const [funder] = network.accounts;
		// Stores a word and creates a contract.
		const factory = await deployCode(funder, "60015f555f5f5ff000");
		const accounts = createContractAccounts(31_337, network.provider);
		const block = await network.provider.getBlockNumber();
		const wrapped = wrapSignature([factory, "0x"], "0x1234");
		expect(await accounts.isSignedBy(`0x${"12".repeat(20)}`, DIGEST, wrapped)).toBe(false);
		expect(await network.provider.getStorage(factory, 0)).toBe(`0x${"00".repeat(32)}`);
		expect(await network.provider.getTransactionCount(factory)).toBe(1);
		expect(await network.provider.getBlockNumber()).toBe(block);
	});
});

function reason(text: string): string {
	return concat(["0x08c379a0", AbiCoder.defaultAbiCoder().encode(["string"], [text])]);
}
