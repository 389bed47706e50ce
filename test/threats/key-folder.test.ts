import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../src/keys/rsa-public-key.ts";
import { keysFromFolder } from "../../src/tokens/issuer-keys/keys-from-folder.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { expectRefusal } from "../support/refusal.ts";

const keys = await Promise.all([1, 2].map(() => generateKeyPair({ algorithm: "RS256" })));
const [ours, theirs] = keys.map(({ publicKey }) => exportPublicKey(publicKey, "spki")) as [string, string];

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-keys-"));
});
afterEach(() => {
	vi.restoreAllMocks();
	syncBuiltinESMExports();
	rmSync(folder, { recursive: true, force: true });
});

describe("repeated reads of a key folder caused by unknown issuers", () => {
	it("don't parse unchanged keys again, but pick up replaced ones", async () => {
		for (const name of ["kept", "same", "replaced"]) writeFileSync(join(folder, `${name}.pem`), ours);
		const look = keysFromFolder(folder);
		const keyOf = async (issuer: string) =>
			((await look(issuer, undefined)) as readonly RsaPublicKey[] | undefined)?.[0];
		const before = await keyOf("kept");
		expect(before).toBeDefined();
		expect(await keyOf("same")).toBe(before);

		writeFileSync(join(folder, "replaced.pem"), theirs);
		passSeconds(11);
		expect(await keyOf("stranger")).toBeUndefined();
		expect(await keyOf("kept")).toBe(before);
		expect((await keyOf("replaced"))?.thumbprint).toBe(keys[1]?.publicKey.thumbprint);

		writeFileSync(join(folder, "replaced.pem"), "no key");
		passSeconds(11);
		expect(await keyOf("stranger")).toBeUndefined();
		await expectRefusal(() => look("replaced", undefined), "key/unrecognized");
		expect(await keyOf("kept")).toBe(before);
	});

	it("don't read any file if there are too many", async () => {
		for (let at = 0; at <= 10_000; at++) writeFileSync(join(folder, `${at}.pem`), "");
		const look = keysFromFolder(folder);
		const touches = [vi.spyOn(files, "readFile"), vi.spyOn(files, "open"), vi.spyOn(files, "stat")];
		syncBuiltinESMExports();
		for (let times = 0; times < 3; times++) {
			const error = await expectRefusal(() => look("1", undefined), "key/unreachable");
			expect(String(error.cause)).toContain("more than 10000 keys");
		}
		for (const touch of touches) expect(touch).not.toHaveBeenCalled();
	});
});
