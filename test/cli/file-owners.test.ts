/** Whose files are read and written: another user may have put one in a folder that both can write to. */
import { chownSync, lchownSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CliContext } from "../../src/cli/context.ts";
import { assertOwnFile, isForeignLink, readFile, readSettingsFile } from "../../src/cli/files.ts";
import { type CliWorld, createCliWorld, silentContext } from "../support/cli-world.ts";
import { expectRefusal } from "../support/refusal.ts";

const isWindows = process.platform === "win32";
const isRoot = process.getuid?.() === 0;

let world: CliWorld;
let context: CliContext;
beforeEach(() => {
	world = createCliWorld();
	context = silentContext(world.folder);
});
afterEach(() => world.remove());

it.skipIf(isWindows)("a file that is read says whether it belongs to the user", () => {
	expect(readFile(context, world.write("own", ""), "a key").isOwn).toBe(true);
	const foreign = isRoot ? world.path(world.write("foreign", "")) : "/etc/passwd";
	if (isRoot) chownSync(foreign, 12_345, 12_345);
	expect(readFile(context, foreign, "a text", { maxBytes: 1_000_000 }).isOwn).toBe(false);
});

it.skipIf(!isRoot)("T81: a settings file is the user's own only if the link to it is, too", () => {
	world.write("target", "{}");
	for (const name of ["own", "foreign"]) symlinkSync("target", world.path(name));
	lchownSync(world.path("foreign"), 12_345, 12_345);
	expect(["target", "own", "foreign"].map((name) => isForeignLink(world.path(name)))).toEqual([false, false, true]);
	const isOwn = (name: string): unknown => readSettingsFile(context, name, "the settings").isOwn;
	expect(["target", "own", "foreign"].map(isOwn)).toEqual([true, true, false]);
	expect(readSettingsFile(context, "foreign", "the settings").text).toBe("{}");
	chownSync(world.path("target"), 12_345, 12_345);
	expect(isForeignLink(world.path("target"))).toBe(false);
	expect(["target", "own"].map(isOwn)).toEqual([false, false]);
});

it.skipIf(isWindows)("T81: a file that another user put there isn't written or trusted", async () => {
	expect(assertOwnFile(context, world.write("own", ""))).toBeUndefined();
	const foreign = isRoot ? world.path(world.write("foreign", "")) : "/etc/passwd";
	if (isRoot) chownSync(foreign, 12_345, 12_345);
	const error = await expectRefusal(() => assertOwnFile(context, foreign), "config/file");
	expect(error.message).toBe(`"${foreign}" belongs to another user: not trusted`);
});
