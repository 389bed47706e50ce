/** When exactly a folder of keys is read again, by a clock that stands still until a test moves it; and its limits. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import type { IssuerKeyLookup } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { readKeyFolder } from "../../../src/tokens/issuer-keys/key-folder.node.ts";
import { keysFromFolder } from "../../../src/tokens/issuer-keys/keys-from-folder.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { RSA_KEYS } from "../../support/token-kinds.ts";

const PEM = exportPublicKey(RSA_KEYS.publicKey, "spki");

let folder: string;
let look: IssuerKeyLookup;
let clock: { mockReturnValue(ms: number): unknown };
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-keys-"));
	writeFileSync(join(folder, "7.pem"), PEM);
	clock = vi.spyOn(performance, "now").mockReturnValue(0);
	look = keysFromFolder(folder);
	await look("7", undefined);
});
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(folder, { recursive: true, force: true });
});

/** How many keys an issuer has at a time, and whether the folder had to be read for that. */
async function at(seconds: number, issuer: string): Promise<readonly [number | undefined, boolean]> {
	clock.mockReturnValue(seconds * 1_000);
	const found = look(issuer, undefined);
	const keys = (await found) as readonly unknown[] | undefined;
	return [keys?.length, found instanceof Promise];
}

it("what is known is used for a minute without reading", async () => {
	rmSync(join(folder, "7.pem"));
	expect(await at(30, "7")).toEqual([1, false]);
	expect(await at(60, "7")).toEqual([1, false]);
	expect(await at(60.001, "7")).toEqual([undefined, true]);
});

it("an unknown issuer is looked for again after ten seconds", async () => {
	writeFileSync(join(folder, "8.pem"), PEM);
	expect(await at(10, "8")).toEqual([undefined, false]);
	expect(await at(10.001, "8")).toEqual([1, true]);
	expect(await at(20.001, "8")).toEqual([1, false]);
});

it("an unknown issuer has the folder read once, also if it is old", async () => {
	expect(await at(100, "8")).toEqual([undefined, true]);
	writeFileSync(join(folder, "8.pem"), PEM);
	expect(await at(110, "8")).toEqual([undefined, false]);
});

it("a file that was half-written is read again after ten seconds", async () => {
	writeFileSync(join(folder, "7.pem"), PEM.slice(0, 100));
	await expectRefusal(() => at(61, "7"), "key/malformed");
	writeFileSync(join(folder, "7.pem"), PEM);
	await expectRefusal(() => at(71, "7"), "key/malformed");
	expect(await at(71.001, "7")).toEqual([1, true]);
	expect(await at(81.002, "7")).toEqual([1, false]);
});

it("an error says which function it is of", async () => {
	const { message } = await expectRefusal(() => keysFromFolder(""), "config/invalid-option");
	expect(message).toBe("keysFromFolder: path must be a non-empty string");
});

it("files are read in the order of their names, up to 64 KiB each", async () => {
	mkdirSync(join(folder, "5"));
	for (const name of ["b.pem", "a.pem", "c.pem.txt"]) writeFileSync(join(folder, "5", name), name);
	writeFileSync(join(folder, "6.pem"), "x".repeat(65_536));
	writeFileSync(join(folder, "61.pem"), "x".repeat(65_537));
	writeFileSync(join(folder, "readme.txt"), "no key");
	const files = await readKeyFolder(folder);
	expect(files.map(({ issuer, text }) => [issuer, text === PEM ? "PEM" : text?.slice(0, 5)])).toEqual([
		...[
			["5", "a.pem"],
			["5", "b.pem"],
			["6", "xxxxx"],
			["61", ""],
			["7", "PEM"],
		],
	]);
});
