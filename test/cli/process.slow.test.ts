/** The real program as a child process; needs `npm run build`. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CliWorld, createCliWorld } from "../support/cli-world.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/node/cli/main.js", import.meta.url));

describe("the program", () => {
	let world: CliWorld;
	let child: ChildProcess | undefined;
	beforeEach(() => {
		if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npm run build`);
		world = createCliWorld();
	});
	afterEach(() => {
		child?.kill("SIGKILL");
		world.remove();
	});

	const run = (args: readonly string[], input = "") =>
		spawnSync(process.execPath, [PROGRAM, ...args], { cwd: world.folder, encoding: "utf8", input });

	it.each(["SIGINT", "SIGTERM"] as const)("T62: chain exits on %s with code 0 and removes its file", async (signal) => {
		child = spawn(process.execPath, [PROGRAM, "chain", "--json"], {
			cwd: world.folder,
			stdio: ["ignore", "pipe", "pipe"],
		});
		const exit = once(child, "exit");
		const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
		const { rpcUrl } = JSON.parse(line.toString()) as { rpcUrl: string };
		expect(JSON.parse(world.read(".orgpass/chain.json"))).toMatchObject({ pid: child.pid, rpcUrl });
		child.kill(signal);
		expect(await exit).toEqual([0, null]);
		expect(existsSync(world.path(".orgpass"))).toBe(false);
	});

	it("ignores a leftover chain.json of a killed process", async () => {
		child = spawn(process.execPath, [PROGRAM, "chain", "--json"], {
			cwd: world.folder,
			stdio: ["ignore", "pipe", "ignore"],
		});
		const exit = once(child, "exit");
		await once(child.stdout as NodeJS.ReadableStream, "data");
		child.kill("SIGKILL");
		await exit;
		expect(existsSync(world.path(".orgpass/chain.json"))).toBe(true);
		expect((await world.run(["org", "list", "--json"])).json).toMatchObject({ code: "config/missing" });
	});

	it("T52: exits by itself if a node accepts the connection but never responds", async () => {
		const silent = createServer().listen(0, "127.0.0.1");
		await once(silent, "listening");
		const { port } = silent.address() as AddressInfo;
		const flags = ["--rpc-url", `http://127.0.0.1:${port}`, "--registry", `0x${"11".repeat(20)}`];
		child = spawn(process.execPath, [PROGRAM, "org", "list", "--json", ...flags], { cwd: world.folder });
		expect(await once(child, "exit")).toEqual([3, null]);
		silent.close();
	});

	it.skipIf(!existsSync("/dev/full"))(
		"a failed write of the result is an error; a rejection keeps its exit code",
		() => {
			const shell = (command: string): number | null =>
				spawnSync("bash", ["-c", `set -o pipefail; ${command}`], { cwd: world.folder }).status;
			const program = `${process.execPath} ${PROGRAM}`;
			run(["keys", "generate", "--out", "k.pem"]);
			expect(shell(`${program} keys inspect k.pem > /dev/full`)).toBe(2);
			expect(shell(`${program} token decode garbage > /dev/full`)).toBe(1);
			expect(shell(`${program} token decode garbage | true`)).toBe(1);
		},
	);

	it.skipIf(process.platform === "win32")(
		"ends on Ctrl-C while it waits for what a pipe's other end writes",
		async () => {
			spawnSync("mkfifo", ["pipe"], { cwd: world.folder });
			child = spawn(process.execPath, [PROGRAM, "keys", "inspect", "pipe"], { cwd: world.folder, stdio: "ignore" });
			const exit = once(child, "exit");
			// Fails until the program has the pipe open; then, the program waits for something to be written.
			const open = (): number => openSync(world.path("pipe"), constants.O_WRONLY | constants.O_NONBLOCK);
			const writer = await vi.waitFor(open, { timeout: 20_000 });
			child.kill("SIGINT");
			expect(await exit).toEqual([null, "SIGINT"]);
			closeSync(writer);
		},
	);

	it.skipIf(process.platform === "win32")("says that the working directory was removed, with exit code 2", () => {
		const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" token decode a.b.c';
		const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", script, process.execPath, PROGRAM], {
			cwd: world.folder,
			encoding: "utf8",
		});
		expect({ status, stdout, stderr }).toEqual({
			status: 2,
			stdout: "",
			stderr: "orgpass: the working directory doesn't exist any more\n",
		});
	});

	it("sets exit codes, reads standard input, and writes stdout and stderr", () => {
		const help = run(["--help"]);
		expect({ status: help.status, stderr: help.stderr }).toEqual({ status: 0, stderr: "" });
		const made = run(["keys", "generate", "--out", "k.pem"]);
		expect(made.status).toBe(0);
		const inspected = run(["keys", "inspect", "-", "--json"], world.read("k.pem"));
		expect(JSON.parse(inspected.stdout)).toMatchObject({ private: true });
		const wrong = run(["keys", "inspect", "-", "--json"], "x".repeat(200_000));
		expect(wrong.status).toBe(2);
		expect(JSON.parse(wrong.stdout)).toMatchObject({ code: "config/file" });
		expect(run(["org", "list"])).toMatchObject({ status: 2, stdout: "" });
	});

	it("can't prompt for a password if standard input isn't a terminal", () => {
		const result = run(["keys", "generate", "--out", "k.json", "--format", "keystore", "--json"], "hunter2\n");
		expect(result.status).toBe(2);
		expect(JSON.parse(result.stdout)).toMatchObject({ code: "key/password-required" });
		expect(existsSync(world.path("k.json"))).toBe(false);
	});
});
