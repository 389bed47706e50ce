/**
 * A process of its own: a JSON-RPC node with a registry in which any number of organizations exist, so that a hundred
 * thousand of them don't have to be created on a chain. It sends its URL to its parent. `suite/organizations.ts` starts it.
 * @module
 */
import { computeAddress, Interface, ZeroAddress, ZeroHash } from "ethers";
import { orgIdRegistryAbi } from "orgpass/registry";
import { greet, startFakeNode } from "../test/support/fake-node.ts";
import { FRAGMENT, OWNER_KEY, publicPoint } from "./suite/organization-keys.ts";

const contract = new Interface(orgIdRegistryAbi);
const BLOCK = 1_000;
const TIMESTAMP = Math.floor(Date.now() / 1_000);
const OWNER = computeAddress(OWNER_KEY);
/** Hexadecimal digits. */
const WORD = 64;
const SELECTOR = 10;

/** Encoded organizations by their key, each without its id. */
const encoded = new Map<string, readonly [before: string, after: string]>();
const resolve = contract.getFunction("resolve")?.selector;
const resolveMany = contract.getFunction("resolveMany")?.selector;

const node = await startFakeNode(async (method, params) => {
	if (method === "eth_blockNumber") return { result: `0x${BLOCK.toString(16)}` };
	if (method !== "eth_call") return greet(method) ?? { error: { code: -32_601, message: "method not found" } };
	const { data } = params[0] as { readonly data: string };
	const words = data.slice(SELECTOR).match(new RegExp(`.{${WORD}}`, "g")) ?? [];
	if (data.startsWith(`${resolve}`)) return { result: `0x${encodeHead()}${encodeOrganization(words[0] as string)}` };
	if (data.startsWith(`${resolveMany}`)) return { result: `0x${encodeHead()}${encodeList(words.slice(2))}` };
	return { error: { code: 3, message: "execution reverted" } };
});
process.on("disconnect", () => process.exit());
process.send?.(node.url);

/** Where the result begins, and the block it is of. */
function encodeHead(): string {
	return [3 * 32, BLOCK, TIMESTAMP].map(toWord).join("");
}

function encodeList(orgIds: readonly string[]): string {
	const organizations = orgIds.map(encodeOrganization);
	let offset = organizations.length * 32;
	const offsets = organizations.map((organization) => {
		const own = offset;
		offset += organization.length / 2;
		return toWord(own);
	});
	return [toWord(organizations.length), ...offsets, ...organizations].join("");
}

/** ethers would take most of the time of a hundred thousand look-ups, so it encodes each key's organization once. */
function encodeOrganization(orgId: string): string {
	const point = publicPoint(orgId);
	const known = encoded.get(point) ?? encodeWithEthers(point);
	encoded.set(point, known);
	return known.join(orgId);
}

function encodeWithEthers(point: string): readonly [before: string, after: string] {
	const key = [FRAGMENT, `0x${point.slice(0, WORD)}`, `0x${point.slice(WORD)}`, 0, 0, 1];
	const organization = [true, ZeroHash, ZeroHash, "", "", "", ZeroHash, OWNER, ZeroAddress, true, false, [key]];
	const result = contract.encodeFunctionResult("resolve", [organization, BLOCK, TIMESTAMP]);
	const digits = result.slice(2 + 3 * WORD);
	return [digits.slice(0, WORD), digits.slice(2 * WORD)];
}

function toWord(value: number): string {
	return value.toString(16).padStart(WORD, "0");
}
