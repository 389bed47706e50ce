/**
 * Ways in which a node can lie about a registry of our own kind.
 * @module
 */
import { Interface, type Result, toQuantity } from "ethers";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import { type Answer, ORGPASS_CODE } from "./fake-node.ts";

type Answering = (method: string, params: readonly unknown[]) => Answer | Promise<Answer>;
type Organization = Readonly<Record<string, unknown>>;

/** What the lies are about. */
export interface Lie {
	/** The real chain. */
	readonly honest: Answering;
	/** A block before the present state. */
	readonly past: number;
	/** The liar's public key. */
	readonly point: { readonly x: string; readonly y: string };
}

const contract = new Interface(orgIdRegistryAbi);
const LIAR = `0x${"bad0".repeat(10)}`;

/** All sorts of liars by what they lie about. */
export const LIARS: Readonly<Record<string, (lie: Lie) => Answering>> = {
	"the owner": (lie) => changed(lie, (organization) => ({ ...organization, owner: LIAR })),
	"a key's coordinates": (lie) =>
		changed(lie, ({ unrevokedKeys, ...rest }) => ({
			...rest,
			unrevokedKeys: (unrevokedKeys as Result[]).map((key) => ({ ...key.toObject(), ...lie.point })),
		})),
	"the existence of keys": (lie) => changed(lie, (organization) => ({ ...organization, unrevokedKeys: [] })),
	"the existence of an organization": (lie) => changed(lie, (organization) => ({ ...organization, exists: false })),
	"the active state": (lie) => changed(lie, (organization) => ({ ...organization, isActive: false })),
	"the state, which is an old one": ({ honest, past }) =>
		calls(honest, (method, [call]) => honest(method, [call, toQuantity(past)])),
	"its head, which is too high": ({ honest }) => headAt(honest, (head) => head + 1_000_000),
	"its head, which is the next block": ({ honest }) => headAt(honest, (head) => head + 1),
	"its head, which is a little behind": ({ honest, past }) => {
		const old = headAt(honest, (head) => head - 2);
		return (method, params) =>
			method === "eth_call" ? honest(method, [params[0], toQuantity(past)]) : old(method, params);
	},
	"its head, which is far in the past": ({ honest, past }) => headAt(honest, () => past),
	"the code, which is another contract's": ({ honest }) =>
		on(honest, "eth_getCode", () => ({ result: `${ORGPASS_CODE}60006000` })),
	"the code, which is missing": ({ honest }) => on(honest, "eth_getCode", () => ({ result: "0x" })),
	"its chain": ({ honest }) => on(honest, "eth_chainId", () => ({ result: "0x1" })),
	reverts: ({ honest }) => calls(honest, () => ({ error: { code: 3, message: "execution reverted", data: "0x" } })),
	errors: ({ honest }) => calls(honest, () => ({ error: { code: -32_000, message: "missing trie node" } })),
	"nothing, with null": () => () => ({ result: null }),
	"nothing, with an empty text": ({ honest }) => calls(honest, () => ({ result: "0x" })),
	zeros: ({ honest }) => calls(honest, () => ({ result: `0x${"00".repeat(1_024)}` })),
	"everything, with status 500": () => () => ({ status: 500, body: "" }),
	"everything, with a dropped connection": () => () => ({ hangUp: true }),
};

function on(honest: Answering, lied: string, answer: Answering): Answering {
	return (method, params) => (method === lied ? answer(method, params) : honest(method, params));
}

function calls(honest: Answering, answer: Answering): Answering {
	return on(honest, "eth_call", answer);
}

function headAt(honest: Answering, move: (head: number) => number): Answering {
	return on(honest, "eth_blockNumber", async (method, params) => {
		const { result } = (await honest(method, params)) as { readonly result: string };
		return { result: toQuantity(Math.max(move(Number(result)), 0)) };
	});
}

/** Changes the organization in the result of `resolve`. */
function changed({ honest }: Lie, change: (organization: Organization) => Organization): Answering {
	return calls(honest, async (method, params) => {
		const answer = await honest(method, params);
		const { data } = params[0] as { readonly data: string };
		if (!("result" in answer) || contract.parseTransaction({ data })?.name !== "resolve") return answer;
		const [organization, ...block] = contract.decodeFunctionResult("resolve", answer.result as string);
		const lied = change(organization.toObject());
		return { result: contract.encodeFunctionResult("resolve", [lied, ...block]) };
	});
}
