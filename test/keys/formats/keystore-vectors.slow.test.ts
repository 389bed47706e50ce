/** Keystores of go-ethereum, with its own slow key derivations. */
import { expect, it, vi } from "vitest";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { describeWithVectors } from "../../vectors.ts";

interface Vector {
	readonly json: Record<string, unknown>;
	readonly password: string;
	readonly priv: string;
}

vi.mock("@noble/hashes/scrypt.js", () => import("../../support/scrypt-thread.ts"));

describeWithVectors<Record<string, Vector>>(
	"Web3 Secret Storage",
	"web3-secret-storage/ethereum_tests_basic_tests.json",
	(vectors) => {
		it.concurrent.each(Object.entries(vectors))("T63: %s decrypts", async (_name, { json, password, priv }) => {
			const opened = await importPrivateKey(json, { password });
			expect(exportPrivateKey(opened, "hex")).toBe(`0x${priv}`);
		});
	},
);
