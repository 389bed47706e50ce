import { spawn } from "node:child_process";
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { CliContext } from "../../src/cli/context.ts";
import {
	fileError,
	findUpwards,
	readFile,
	readSettingsFile,
	writePublicFile,
	writeSecretFile,
} from "../../src/cli/files.ts";
import { type CliWorld, createCliWorld, silentContext } from "../support/cli-world.ts";
import { expectRefusal } from "../support/refusal.ts";
import { describeWithTool } from "../support/tools.ts";

const isWindows = process.platform === "win32";
const KIB_64 = 65_536;

let world: CliWorld;
let folder: string;
let context: CliContext;
beforeEach(() => {
	world = createCliWorld();
	folder = world.folder;
	context = silentContext(folder);
});
afterEach(() => world.remove());

const path = (name: string): string => world.path(name);
const write = (name: string, content: string): string => world.write(name, content);
const read = (name: string): string => world.read(name);

describe("reading a file", () => {
	it("returns all its bytes, and its text without a byte order mark", () => {
		const { bytes, text } = readFile(context, write("bom.txt", "\ufeffCafé\n"), "a text");
		expect(bytes.toString("hex")).toBe(Buffer.from("\ufeffCafé\n").toString("hex"));
		expect(text).toBe("Café\n");
		expect(readFile(context, write("empty", ""), "nothing")).toMatchObject({ text: "", bytes: Buffer.alloc(0) });
	});

	it("finds it in the working directory, or by its whole path", () => {
		write("place", "here");
		expect(readFile(context, "place", "a text").text).toBe("here");
		expect(readFile({ ...context, cwd: tmpdir() }, path("place"), "a text").text).toBe("here");
	});

	it.each([
		["64 KiB by default", {}, KIB_64],
		["as much as it is told", { maxBytes: 10 }, 10],
		["as much as it is told, which may be more", { maxBytes: 100_000 }, 100_000],
	])("reads %s, and refuses one byte more", async (_what, limits, size) => {
		expect(readFile(context, write("large", "a".repeat(size)), "a text", limits).text).toBe("a".repeat(size));
		write("large", "a".repeat(size + 1));
		const error = await expectRefusal(() => readFile(context, "large", "the text", limits), "config/file");
		expect(error.message).toBe(`can't read the text: larger than ${size} bytes`);
	});

	it.each([
		["a missing file", "missing", "no such file or folder"],
		["a folder", ".", "not a file"],
	])("names what it was to read, and why it can't: %s", async (_what, name, reason) => {
		const error = await expectRefusal(() => readFile(context, name, "the key"), "config/file");
		expect(error.message).toBe(`can't read the key: ${reason}`);
		expect(error.cause).toBeInstanceOf(Error);
	});

	it.skipIf(isWindows).each([
		["600", false],
		["400", false],
		["700", false],
		["640", true],
		["620", true],
		["610", true],
		["604", true],
		["602", true],
		["601", true],
	])("says whether other users have access: mode %s", (mode, isExposed) => {
		chmodSync(path(write("mode", "")), mode);
		expect(readFile(context, "mode", "a key").isExposed).toBe(isExposed);
	});

	it("says that permission is denied", () => {
		const cause = Object.assign(new Error("EACCES: ..."), { code: "EACCES" });
		expect(fileError("read the key", cause)).toMatchObject({ message: "can't read the key: permission denied", cause });
	});

	it.skipIf(process.platform !== "linux")("closes it, also if it is refused", async () => {
		write("large", "a".repeat(11));
		const count = (): number => readdirSync("/proc/self/fd").length;
		const before = count();
		for (let times = 0; times < 50; times += 1) {
			readFile(context, "large", "a text");
			await expectRefusal(() => readFile(context, "large", "a text", { maxBytes: 10 }), "config/file");
		}
		expect(count() - before).toBeLessThan(50);
	});
});

describe.skipIf(isWindows)("reading a pipe", () => {
	/** A shell makes the pipe and writes to it, as in `orgpass … <(command)`. */
	const pipe = async (text: string): Promise<void> => {
		const script = 'mkfifo -m 644 "$1" && echo ready && printf %s "$2" > "$1"';
		const child = spawn("/bin/sh", ["-c", script, "sh", path("pipe"), text]);
		onTestFinished(() => void child.kill("SIGKILL"));
		await new Promise((resolve) => child.stdout.once("data", resolve));
	};

	it("reads it to its end; nobody else can read what was written", async () => {
		await pipe("secret");
		expect(readFile(context, "pipe", "a key")).toMatchObject({ text: "secret", isExposed: false, isOwn: true });
	});

	it("takes away the handlers of signals while it is read, because nothing could run them, and puts them back", async () => {
		const handler = (): void => {};
		process.once("SIGHUP", handler);
		const removed: unknown[] = [];
		const onRemoved = (event: unknown): void => void removed.push(event);
		process.on("removeListener", onRemoved);
		onTestFinished(() => void process.off("SIGHUP", handler).off("removeListener", onRemoved));
		const before = process.rawListeners("SIGHUP");
		readFile(context, write("file", "text"), "a key");
		expect(removed).toEqual([]);
		await pipe("secret");
		readFile(context, "pipe", "a key");
		expect(removed).toContain("SIGHUP");
		expect(process.rawListeners("SIGHUP")).toEqual(before);
		expect(process.listeners("SIGHUP")).toContain(handler);
	});

	it("refuses more than the limit", async () => {
		await pipe("a".repeat(20));
		await expectRefusal(() => readFile(context, "pipe", "a key", { maxBytes: 10 }), "config/file");
	});

	it("doesn't wait for one in place of a settings file", async () => {
		await pipe("{}");
		const error = await expectRefusal(() => readSettingsFile(context, "pipe", "the settings"), "config/file");
		expect(error.message).toBe("can't read the settings: not a file");
	});
});

describe("files in ancestors", () => {
	it("are found nearest first, up to the root", () => {
		for (const name of ["a/b/c/found.txt", "a/found.txt"]) write(name, "");
		expect(findUpwards(path("a/b/c"), "found.txt")).toEqual([path("a/b/c/found.txt"), path("a/found.txt")]);
		expect(findUpwards(path("a/b"), "found.txt")).toEqual([path("a/found.txt")]);
		expect(findUpwards(path("a"), join("b", "c", "found.txt"))).toEqual([path("a/b/c/found.txt")]);
		expect(findUpwards(path("a/b/c"), "no-such-file.txt")).toEqual([]);
		const { root } = parse(folder);
		const [top] = readdirSync(root);
		expect(findUpwards(path("a"), top as string)).toContain(join(root, top as string));
	});
});

describe("writing a file", () => {
	const secret = (name: string, text: string, isForced = false) => writeSecretFile(context, name, text, isForced);
	const open = (name: string, text: string, isForced = false) =>
		writePublicFile(context, name, Buffer.from(text), isForced);
	const writers = [
		["secret", secret],
		["public", open],
	] as const;

	it.skipIf(isWindows)("lets only the user read a secret, and everybody else's files be read", () => {
		const umask = process.umask(0);
		try {
			for (const isForced of [false, true]) {
				secret(`secret-${isForced}`, "s", isForced);
				open(`public-${isForced}`, "p", isForced);
				expect(lstatSync(path(`secret-${isForced}`)).mode & 0o777).toBe(0o600);
				expect(lstatSync(path(`public-${isForced}`)).mode & 0o777).toBe(0o644);
			}
		} finally {
			process.umask(umask);
		}
	});

	it("never writes a secret to standard output", async () => {
		await expectRefusal(() => secret("-", "s", true), "config/usage");
		expect(readdirSync(folder)).not.toContain("-");
	});

	it.each(writers)("%s: keeps a file that exists, and says how to replace it", async (what, writer) => {
		write(`kept-${what}`, "old");
		const error = await expectRefusal(() => writer(`kept-${what}`, "new"), "config/file-exists");
		expect(error.message).toBe(`"kept-${what}" already exists; --force replaces it`);
		expect(error.cause).toMatchObject({ code: "EEXIST" });
		expect(read(`kept-${what}`)).toBe("old");
	});

	it.each(writers)("%s: replaces it as a whole if forced, and leaves nothing else", (what, writer) => {
		write(`forced-${what}/file`, "something old, and longer");
		for (const name of ["file", "new"]) writer(`forced-${what}/${name}`, "new", true);
		expect(readdirSync(path(`forced-${what}`)).sort()).toEqual(["file", "new"]);
		expect([read(`forced-${what}/file`), read(`forced-${what}/new`)]).toEqual(["new", "new"]);
	});

	it.skipIf(isWindows)("a link is kept, or replaced if forced; what it points to is never written", async () => {
		write("target", "mine");
		for (const [name, target] of [
			["link", "target"],
			["dangling", "nowhere"],
			["to-folder", "."],
		] as const) {
			symlinkSync(target, path(name));
			await expectRefusal(() => secret(name, "new"), "config/file-exists");
			expect(readlinkSync(path(name))).toBe(target);
			secret(name, "new", true);
			expect(lstatSync(path(name)).isFile()).toBe(true);
			expect(read(name)).toBe("new");
		}
		expect(read("target")).toBe("mine");
		expect(readdirSync(folder)).not.toContain("nowhere");
	});

	it.skipIf(isWindows).each(["/dev/null", "/proc/self/fd/1", "/proc/self/exe"])(
		"T62: replaces no link to a device or a stream, even if forced, as /dev/stdout is one: %s",
		async (target) => {
			symlinkSync(target, path("stdout"));
			const error = await expectRefusal(() => secret("stdout", "new", true), "config/file");
			expect(error.message).toBe('can\'t write "stdout": not a file');
			expect(readlinkSync(path("stdout"))).toBe(target);
			expect(readdirSync(folder)).toEqual(["stdout"]);
		},
	);

	it("replaces no folder, even if forced", async () => {
		mkdirSync(path("parent/folder"), { recursive: true });
		await expectRefusal(() => secret("parent/folder", "new"), "config/file-exists");
		const error = await expectRefusal(() => secret("parent/folder", "new", true), "config/file");
		expect(error.message).toBe('can\'t write "parent/folder": not a file');
		expect(readdirSync(path("parent"))).toEqual(["folder"]);
		expect(lstatSync(path("parent/folder")).isDirectory()).toBe(true);
	});

	it.each([false, true])("names the file if its folder is missing: forced %s", async (isForced) => {
		const error = await expectRefusal(() => open("no/such/file", "new", isForced), "config/file");
		expect(error.message).toBe('can\'t write "no/such/file": no such file or folder');
	});

	it("refuses a name that may be a private key", async () => {
		await expectRefusal(() => open("1a".repeat(32), "text"), "config/file");
		expect(readdirSync(folder)).not.toContain("1a".repeat(32));
	});
});

describeWithTool("a process that has too many open files", "prlimit", ["--version"], (prlimit) => {
	const limit = (...args: string[]): string => prlimit(["--pid", `${process.pid}`, ...args]).trim();

	/** Works while no file can be opened. */
	function withoutFiles<T>(work: () => T): T {
		const before = limit("--nofile", "--raw", "--noheadings", "--output", "SOFT");
		const opened = [openSync(folder, "r")];
		limit(`--nofile=${(opened[0] as number) + 50}:`);
		try {
			for (;;) opened.push(openSync(folder, "r"));
		} catch {
			return work();
		} finally {
			for (const descriptor of opened) closeSync(descriptor);
			limit(`--nofile=${before}:`);
		}
	}

	it.each([false, true])("T62: keeps the key that is there: forced %s", async (isForced) => {
		world.write("key.pem", "precious");
		const write = (): void => withoutFiles(() => writeSecretFile(context, "key.pem", "new", isForced));
		const error = await expectRefusal(write, "config/file");
		expect(error.message).toBe('can\'t write "key.pem": EMFILE');
		expect(readdirSync(folder)).toEqual(["key.pem"]);
		expect(read("key.pem")).toBe("precious");
	});
});
