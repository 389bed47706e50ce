import { Interface, type InterfaceAbi } from "ethers";
import { describe, expect, it } from "vitest";
import { selectorOf } from "../../../src/registry/abi/contract-abi.ts";
import { ADAPTERS } from "../../../src/registry/adapters/adapters.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import { orgIdRegistryAbi } from "../../../src/registry/orgid-registry.contract.ts";
import { CONTRACT, createFakeContract, type FakeContract, type NodeError } from "../../support/fake-contract.ts";

const { orgpass, "orgid-v1": v1, "orgid-v3": v3 } = ADAPTERS;
/** What a contract whose code says nothing is asked. */
const PROBES = Object.values(ADAPTERS).map(({ probe: [name] }) => name);
const ABI = [
	...orgIdRegistryAbi,
	...Object.values(ADAPTERS).map(({ abi, probe: [name] }) => new Interface(abi).getFunction(name)),
] as InterfaceAbi;
const INTERFACES = { "0x0f4893ef": "orgid-v1", "0x8bf1ed02": "orgid-v3" } as const;
const REVERT: NodeError = { code: 3, message: "execution reverted", data: "0x" };

/** Code that compares these selectors, as compilers write it. */
const codeOf = (...signatures: readonly string[]): string =>
	`0x${signatures.map((signature) => `8063${selectorOf(signature).slice(2)}14`).join("")}00`;

/** A contract that says of some interfaces that it has them, and may resolve organizations. */
function contractOf(code: string, interfaces: readonly string[], canResolve = false): FakeContract {
	const contract = createFakeContract(ABI, undefined, code);
	if (canResolve) contract.answers["resolveMany"] = () => [[], 100, 1];
	contract.answers["supportsInterface"] = ([id]) => [
		interfaces.includes(INTERFACES[id as keyof typeof INTERFACES] ?? ""),
	];
	return contract;
}

const kindOf = async ({ registry }: FakeContract): Promise<string> => (await registry.readAdapter()).name;
const called = ({ calls }: FakeContract): readonly string[] => calls.map(({ name }) => name);

describe("a contract's generation", () => {
	it.each([
		["orgpass", orgpass],
		["orgid-v3", v3],
	] as const)("is recognized by the selectors in its code: %s", async (kind, { functions }) => {
		const contract = contractOf(codeOf(...functions), []);
		expect(await kindOf(contract)).toBe(kind);
		expect(contract.calls).toEqual([]);
	});

	it.each([
		["orgpass", true],
		["orgid-v1", false],
	] as const)(
		"T54: whose code is that of ORGiD 1.x is %s if it resolves organizations: %j",
		async (kind, canResolve) => {
			const contract = contractOf(codeOf(...v1.functions), [], canResolve);
			expect(await kindOf(contract)).toBe(kind);
			expect(called(contract)).toEqual(["resolveMany"]);
		},
	);

	it.each([
		["orgpass", [], true],
		["orgpass", ["orgid-v3", "orgid-v1"], true],
		["orgid-v3", ["orgid-v3", "orgid-v1"], false],
		["orgid-v1", ["orgid-v1"], false],
	] as const)(
		"behind a proxy is %s, which says of the interfaces %j that it has them",
		async (kind, interfaces, can) => {
			const contract = contractOf("0x3d3d", interfaces, can);
			expect(await kindOf(contract)).toBe(kind);
			expect(called(contract).toSorted()).toEqual(PROBES.toSorted());
		},
	);

	it.each<[string, string]>([
		["has none of the selectors", "0x3d3d"],
		["has only some selectors of ours", codeOf(orgpass.functions[0] as string)],
		["has only others of ours", codeOf(orgpass.functions[1] as string)],
		["has only some selectors of ORGiD 3.x", codeOf(v3.functions[0] as string)],
		["has only others of ORGiD 3.x", codeOf(v3.functions[1] as string)],
		["has the selectors as data", codeOf(...orgpass.functions).replaceAll("8063", "8062")],
	])("isn't known if it says no, and its code %s", async (_, code) => {
		await expect(kindOf(contractOf(code, []))).rejects.toMatchObject({
			code: "registry/no-contract",
			details: { address: CONTRACT, chainId: 31_337 },
		});
	});

	it("isn't known if there is nothing at the address that answers", async () => {
		const contract = contractOf("0x3d3d", []);
		contract.methods["eth_call"] = () => "0x";
		await expect(kindOf(contract)).rejects.toMatchObject({ code: "registry/no-contract" });
	});
});

describe("an error of a node that is asked for a contract's generation", () => {
	const failing = (error: object): FakeContract => {
		const contract = contractOf(codeOf(...v1.functions), []);
		contract.methods["eth_call"] = () => Promise.reject(Object.assign(new Error(), error));
		return contract;
	};

	it.each<[string, object]>([
		["Geth's code", REVERT],
		["OpenEthereum's code", { code: -32_015, message: "VM execution error." }],
		["its data", { code: -32_000, message: "", data: "0x" }],
		["its text", { code: -32_000, message: "VM Exception: Revert" }],
	])("is a no if it is a revert by %s", async (_, error) => {
		expect(await kindOf(failing(error))).toBe("orgid-v1");
	});

	it.each<[string, object]>([
		["out of gas", { code: -32_000, message: "out of gas" }],
		["a missing state", { code: -32_000, message: "missing trie node" }],
		["an error without a text", { code: -32_603 }],
	])("T54: is an outage if it is %s", async (_, error) => {
		await expect(kindOf(failing(error))).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it("T54: is an outage if an ethers provider can't reach it", async () => {
		const provider = {
			getNetwork: async () => ({ chainId: 31_337n }),
			getCode: async () => codeOf(...v1.functions),
			call: () => Promise.reject(Object.assign(new Error("offline"), { code: "NETWORK_ERROR" })),
		};
		const registry = createRegistry({ chainId: 31_337, provider: provider as never, address: CONTRACT });
		await expect(registry.readAdapter()).rejects.toMatchObject({ code: "registry/unreachable" });
	});

	it("is a no if an ethers provider says that the contract reverted, without saying more", async () => {
		const provider = {
			getNetwork: async () => ({ chainId: 31_337n }),
			getCode: async () => codeOf(...v1.functions),
			call: () => Promise.reject(Object.assign(new Error("reverted"), { code: "CALL_EXCEPTION" })),
		};
		const registry = createRegistry({ chainId: 31_337, provider: provider as never, address: CONTRACT });
		expect((await registry.readAdapter()).name).toBe("orgid-v1");
	});
});
