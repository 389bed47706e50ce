import { randomBytes } from "node:crypto";
import { keccak256 as reference } from "ethers";
import { expect, it, onTestFinished, vi } from "vitest";

it("hashes large documents where WebAssembly is switched off, too", async () => {
	vi.resetModules();
	vi.stubGlobal("WebAssembly", undefined);
	onTestFinished(() => void vi.unstubAllGlobals());
	const { keccak256 } = await import("../../src/document/keccak256.node.ts");
	const bytes = randomBytes(131_073);
	expect(await keccak256(bytes)).toBe(reference(bytes));
});
