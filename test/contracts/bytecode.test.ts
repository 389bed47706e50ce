import { keccak256 } from "ethers";
import { describe, expect, it } from "vitest";
import {
	orgIdRegistryAbi,
	orgIdRegistryBytecode,
	orgIdRegistryCodeHash,
} from "../../src/registry/orgid-registry.contract.js";

const FORBIDDEN: Readonly<Record<number, string>> = {
	240: "CREATE",
	241: "CALL",
	242: "CALLCODE",
	244: "DELEGATECALL",
	245: "CREATE2",
	250: "STATICCALL",
	255: "SELFDESTRUCT",
};
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** The opcodes of a program without the data of its PUSHes and without solc's CBOR trailer. */
function readOpcodes(hex: string): number[] {
	const bytes = Buffer.from(hex.slice(2), "hex");
	const end = bytes.length - 2 - bytes.readUInt16BE(bytes.length - 2);
	const opcodes: number[] = [];
	for (let at = 0; at < end; at++) {
		const opcode = bytes[at] ?? 0;
		opcodes.push(opcode);
		if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
	}
	return opcodes;
}

/** The runtime code within the creation code: what follows the constructor's RETURN, INVALID. */
function readRuntime(creation: string): string {
	return `0x${creation.slice(creation.indexOf("f3fe") + 4)}`;
}

describe("the registry's bytecode", () => {
	it("has the code hash of the generated module", () => {
		expect(keccak256(readRuntime(orgIdRegistryBytecode))).toBe(orgIdRegistryCodeHash);
	});

	it.each([
		["creation", orgIdRegistryBytecode],
		["runtime", readRuntime(orgIdRegistryBytecode)],
	])("T67: contains no call, create or selfdestruct (%s code)", (_, bytecode) => {
		const opcodes = readOpcodes(bytecode);
		expect(opcodes.length).toBeGreaterThan(3_000);
		expect(opcodes.map((opcode) => FORBIDDEN[opcode]).filter((name) => name !== undefined)).toEqual([]);
	});

	it("T67: the opcode walk finds a call and skips push data", () => {
		expect(readOpcodes("0x60f1f15ff40000")).toEqual([0x60, 0xf1, 0x5f, 0xf4]);
	});

	it("T70: has no initializer, owner or admin", () => {
		const names = orgIdRegistryAbi.map(({ name }) => name);
		expect(names.filter((name) => /initiali|upgrade|proxy|admin|^owner$|ownable/i.test(name))).toEqual([]);
	});
});
