import { describe, expect, it } from "vitest";
import { RegistryError } from "../../src/errors/errors.ts";
import { TransportError } from "../../src/network/http-message.ts";
import {
	badResponse,
	describeCallFailure,
	hostDetails,
	isRefusedCall,
	setFailedHost,
	toCallError,
	wrongChain,
} from "../../src/registry/call-error.ts";
import { codedError, toRpcError } from "../../src/registry/coded-error.ts";

const OURS = { nodeUrl: "https://node.example:8545/s3cret" };
const ETHERS = { _getConnection: () => ({ url: "https://node.example:8545/s3cret" }) };
const WALLET = { request: () => {} };
const HOST = "node.example:8545";
const rpcError = (code: unknown, method = "eth_getLogs"): Error => toRpcError(method, { code, message: "no" });

describe("the failure of a request", () => {
	it.each<[string, object, unknown, string, object]>([
		["an error of our node", OURS, rpcError(-32_000), "registry/bad-response", { host: HOST, rpcCode: -32_000 }],
		["an error of ethers' node", ETHERS, rpcError(-32_000), "registry/bad-response", { host: HOST, rpcCode: -32_000 }],
		["an error of a wallet", WALLET, rpcError(-32_000), "registry/unreachable", { rpcCode: -32_000 }],
		[
			"a wallet's error of a call",
			WALLET,
			rpcError(-32_000, "eth_call"),
			"registry/bad-response",
			{ rpcCode: -32_000 },
		],
		["a rate limit", OURS, rpcError(-32_005), "registry/unreachable", { host: HOST, rpcCode: -32_005 }],
		["a rate limit of a call", OURS, rpcError(429, "eth_call"), "registry/unreachable", { host: HOST, rpcCode: 429 }],
		["an error without a code", OURS, rpcError(undefined), "registry/bad-response", { host: HOST }],
		["an error whose code is a text", OURS, rpcError("429"), "registry/bad-response", { host: HOST }],
		[
			"an error that ethers wraps",
			OURS,
			{ error: { code: -32_000 } },
			"registry/bad-response",
			{ host: HOST, rpcCode: -32_000 },
		],
		[
			"an error in a cause",
			OURS,
			{ cause: { error: { code: 429 } } },
			"registry/unreachable",
			{ host: HOST, rpcCode: 429 },
		],
		["data that can't be decoded", OURS, codedError("BAD_DATA", "no"), "registry/bad-response", { host: HOST }],
		[
			"arguments that can't be encoded",
			OURS,
			codedError("INVALID_ARGUMENT", "no"),
			"registry/bad-response",
			{ host: HOST },
		],
		["a call exception", OURS, codedError("CALL_EXCEPTION", "no"), "registry/bad-response", { host: HOST }],
		[
			"a status",
			OURS,
			new TransportError("status", "no", { status: 500 }),
			"registry/unreachable",
			{ host: HOST, status: 500 },
		],
		[
			"ethers' error for a status",
			ETHERS,
			codedError("SERVER_ERROR", "no", { response: { statusCode: 502 } }),
			"registry/unreachable",
			{ host: HOST, status: 502 },
		],
		[
			"ethers' error without a status",
			ETHERS,
			codedError("SERVER_ERROR", "no"),
			"registry/unreachable",
			{ host: HOST },
		],
		["null", OURS, null, "registry/unreachable", { host: HOST }],
		["a text", {}, "no", "registry/unreachable", {}],
	])("is converted: %s", (_, provider, error, code, details) => {
		const converted = toCallError(provider, error);
		expect(converted).toBeInstanceOf(RegistryError);
		expect(converted).toMatchObject({ code, details });
		expect(Object.keys(converted.details).toSorted()).toEqual(Object.keys(details).toSorted());
		expect(converted.message).not.toContain("s3cret");
	});

	it("says what the node did, and which node it is", () => {
		expect(toCallError(OURS, rpcError(-32_005)).message).toBe(
			`the RPC node "${HOST}" limits the rate of requests (JSON-RPC -32005)`,
		);
		expect(toCallError({}, rpcError(-32_000)).message).toBe("the RPC node returned an error (JSON-RPC -32000)");
		expect(describeCallFailure(rpcError(-32_000))).toEqual({
			reason: "returned an error (JSON-RPC -32000)",
			details: { rpcCode: -32_000 },
		});
	});

	it("doesn't contain ethers' errors, which quote the URL, not even as a cause of a cause", () => {
		const secret = codedError("SERVER_ERROR", "s3cret", { response: { statusCode: 502 } });
		for (const error of [secret, new Error("outer", { cause: new Error("inner", { cause: secret }) })]) {
			const { cause } = toCallError(ETHERS, error);
			expect(cause).toMatchObject({ name: "TransportError", code: "status", status: 502 });
			expect((cause as Error).message).not.toContain("s3cret");
		}
		const harmless = new Error("outer", { cause: new Error("inner") });
		expect(toCallError(ETHERS, harmless).cause).toBe(harmless);
	});
});

describe("the host of a failure", () => {
	it.each<[string, object, object]>([
		["our provider's", OURS, { host: HOST }],
		["ethers' provider's", ETHERS, { host: HOST }],
		["unknown of a wallet", WALLET, {}],
		["unknown of no URL", { nodeUrl: "node.example" }, {}],
	])("is %s", (_, provider, details) => {
		expect(hostDetails(provider)).toEqual(details);
	});

	it("is that of the node that failed, of several", () => {
		const error = new Error();
		setFailedHost(error, "second.example");
		expect(hostDetails(OURS, error)).toEqual({ host: "second.example" });
		expect(hostDetails(OURS, new Error())).toEqual({ host: HOST });
		for (const other of [null, undefined, "text", 1]) {
			setFailedHost(other, "second.example");
			expect(hostDetails(OURS, other)).toEqual({ host: HOST });
		}
	});
});

it("a node of another chain is named, with both chains", () => {
	const error = wrongChain({ host: "a.example" }, 1, 5);
	expect(error).toMatchObject({
		code: "registry/wrong-chain",
		details: { host: "a.example", expected: 5, actual: 1 },
		message: 'expected a node of chain 5, got one of 1 at "a.example"',
	});
	expect(wrongChain({}, 1, 5).message).toBe("expected a node of chain 5, got one of 1");
});

it.each<[string, unknown, boolean]>([
	["data that can't be decoded", codedError("BAD_DATA", "no"), true],
	["an exception of the contract", codedError("CALL_EXCEPTION", "no"), true],
	["an error of a call", rpcError(-32_000, "eth_call"), true],
	["a rate limit of a call", rpcError(-32_005, "eth_call"), false],
	["another error of the node", rpcError(-32_000), false],
	["a status", new TransportError("status", "no", { status: 500 }), false],
	["nothing", undefined, false],
])("a smaller call may be accepted after %s: %s", (_, cause, isRefused) => {
	expect(isRefusedCall(badResponse(cause))).toBe(isRefused);
});
