/** T78, T91: a short text can hold so many values that parsing it blocks the process. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseDocumentJson } from "../../src/document/document-json.ts";
import { createDocumentFetcher } from "../../src/document/fetch/fetch-document.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { type FakeNode, startFakeNode } from "../support/fake-node.ts";
import { type JwksServer, startJwksServer } from "../support/jwks-server.ts";
import { expectRefusal } from "../support/refusal.ts";

const MANY: readonly (readonly [string, string])[] = [
	["empty objects", "{},".repeat(150_000)],
	["nested lists", "[".repeat(150_000)],
	["numbers", "1,".repeat(150_000)],
	["empty texts", '"",'.repeat(150_000)],
	["names", '"a":1,'.repeat(150_000)],
	["JSON in a text", `"${"[".repeat(150_000)}"`],
	["JSON in a text, escaped", `"${"\\u005b".repeat(150_000)}"`],
];

let node: FakeNode;
let jwks: JwksServer;
beforeAll(async () => {
	node = await startFakeNode(() => ({ result: "0x" }));
	jwks = await startJwksServer();
});
afterAll(async () => {
	await node.close();
	await jwks.close();
});
afterEach(() => void vi.restoreAllMocks());

describe("T78: JSON of many values", () => {
	it.each(MANY)("T78: %s are not parsed, from a document, a JWK Set or a node", async (_what, values) => {
		node.answer = () => ({ status: 200, body: `{"jsonrpc":"2.0","id":1,"error":${values}` });
		jwks.send(`{"keys":[${values}`);
		const parse = vi.spyOn(JSON, "parse");
		const longest = (): number => Math.max(0, ...parse.mock.calls.map(([text]) => String(text).length));
		expect(() => parseDocumentJson(new TextEncoder().encode(`{"a":[${values}`))).toThrow(/more than 10000 values/);
		await expectRefusal(() => keysFromJwks(jwks.url)("12345", undefined) as Promise<unknown>, "key/unreachable");
		const provider = createProvider(node.url, 31337);
		await expect(provider.send("eth_call", [])).rejects.toMatchObject({ code: "BAD_DATA" });
		provider.destroy();
		expect(longest()).toBeLessThan(10_000);
	});

	it.each(["1 ", "1e1 ", "- ", "1\n"])("T91: numbers without commas (%j) are read up to the second", (numbers) => {
		// Read further, it would be nested too deeply.
		const bytes = new TextEncoder().encode(`{"a":[${numbers.repeat(150_000)}${"[".repeat(100)}]}`);
		expect(() => parseDocumentJson(bytes)).toThrow(/JSON: not valid/);
	});

	it("T78: a node's response that is too large isn't requested again", async () => {
		node.answer = () => ({ status: 200, body: `{"jsonrpc":"2.0","id":1,"result":${"[".repeat(150_000)}` });
		const before = node.calls.length;
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: `0x${"11".repeat(20)}` });
		await expectRefusal(() => registry.read(`0x${"0a".repeat(32)}`), "registry/bad-response");
		registry.close();
		// Once in a batch and, because smaller batches may have smaller answers, once alone.
		expect(node.calls.slice(before).filter((method) => method === "eth_chainId")).toHaveLength(2);
	});

	it("T78: a long error of a node is passed on with its first words only", async () => {
		node.answer = () => ({ error: { code: 3, message: "execution reverted", data: `0x${"ab".repeat(1_000_000)}` } });
		const provider = createProvider(node.url, 31337);
		const error = await provider.send("eth_call", [{}]).catch((reason: unknown) => reason);
		provider.destroy();
		expect(error).toMatchObject({ code: "CALL_EXCEPTION" });
		expect(JSON.stringify(error).length).toBeLessThan(10_000);
	});

	it.each([
		["none of the calls", []],
		[
			"another call",
			[
				{ id: 999, result: "0x" },
				{ id: 998, result: "0x" },
			],
		],
		[
			"a call twice",
			[
				{ id: 1, result: "0x" },
				{ id: 1, result: "0x" },
			],
		],
		["more calls than there were", Array(1_000).fill({ id: 1, result: "0x" })],
		["null", [null, null]],
	])("T78: a response to %s is quoted in no error", async (_what, answers) => {
		const padding = "ab".repeat(100_000);
		node.answer = () => ({ status: 200, body: JSON.stringify([...answers, { id: 997, result: padding }]) });
		const provider = createProvider(node.url, 31337);
		const calls = Array.from({ length: 3 }, () => provider.send("eth_call", []));
		for (const result of await Promise.allSettled(calls)) {
			const { reason } = result as PromiseRejectedResult;
			expect(reason).toMatchObject({ code: "BAD_DATA" });
			expect(String(reason).length).toBeLessThan(1_000);
		}
		provider.destroy();
	});

	it("T78: the entries of a JWK Set are imported in slices", async () => {
		jwks.serve(...Array.from({ length: 5_000 }, () => ({})));
		let turns = 0;
		let counting = setImmediate(count);
		expect(await keysFromJwks(jwks.url)("12345", undefined)).toBeUndefined();
		clearImmediate(counting);
		expect(turns).toBeGreaterThan(50);

		function count(): void {
			turns += 1;
			counting = setImmediate(count);
		}
	});
});

it("T78: a document of many values is malformed, one of a few thousand is not", async () => {
	const fetchDocument = createDocumentFetcher({ allowData: true });
	const text = `{"a":[${"{},".repeat(4_000)}{}]}`;
	const bytes = await fetchDocument(`data:application/json;base64,${btoa(text)}`);
	expect(parseDocumentJson(bytes)["a"]).toHaveLength(4_001);
});
