/**
 * A process of its own: a JSON-RPC node with a registry in which any number of organizations exist, so that a hundred
 * thousand of them don't have to be created on a chain. It sends its URL to its parent. `suite/organizations.ts` starts it.
 * @module
 */
import { Interface, ZeroAddress, ZeroHash } from "ethers";
import { orgIdRegistryAbi } from "orgpass/registry";
import { greet, startFakeNode } from "../test/support/fake-node.ts";
import { FRAGMENT, publicPoint } from "./suite/organization-keys.ts";

const contract = new Interface(orgIdRegistryAbi);
const BLOCK = 1_000;
const OWNER = `0x${"21".repeat(20)}`;

const node = await startFakeNode(async (method, params) => {
	if (method === "eth_blockNumber") return { result: `0x${BLOCK.toString(16)}` };
	if (method !== "eth_call") return greet(method) ?? { error: { code: -32_601, message: "method not found" } };
	const { data } = params[0] as { readonly data: string };
	const call = contract.parseTransaction({ data });
	if (call?.name === "resolve") return answer("resolve", organizationOf(call.args[0] as string));
	if (call?.name === "resolveMany") {
		return answer("resolveMany", [...(call.args[0] as readonly string[])].map(organizationOf));
	}
	return { error: { code: 3, message: "execution reverted" } };
});
process.on("disconnect", () => process.exit());
process.send?.(node.url);

function answer(name: string, organizations: unknown): { readonly result: string } {
	const timestamp = Math.floor(Date.now() / 1_000);
	return { result: contract.encodeFunctionResult(name, [organizations, BLOCK, timestamp]) };
}

function organizationOf(orgId: string): readonly unknown[] {
	const point = publicPoint(orgId);
	const key = [FRAGMENT, `0x${point.slice(0, 64)}`, `0x${point.slice(64)}`, 0, 0, 1];
	const document = [ZeroHash, "", "", ""];
	return [true, orgId, ...document, ZeroHash, OWNER, ZeroAddress, true, false, [key]];
}
