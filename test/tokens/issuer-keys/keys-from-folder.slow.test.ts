import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { keysFromFolder } from "../../../src/tokens/issuer-keys/keys-from-folder.ts";
import { expectRefusal } from "../../support/refusal.ts";

it("a folder whose subfolders hold more than 10,000 keys is an outage", async () => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-keys-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	mkdirSync(join(folder, "app"));
	for (let i = 0; i < 101; i++) writeFileSync(join(folder, "app", `${i}.pem`), "");
	for (let i = 0; i < 99; i++) symlinkSync("app", join(folder, `app${i}`));
	const error = await expectRefusal(() => keysFromFolder(folder)("good", undefined), "key/unreachable");
	expect(error.cause).toBeInstanceOf(RangeError);
});
