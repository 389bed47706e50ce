/** The real program in a real terminal; needs `npm run build`. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { toScreen } from "../support/screen.ts";
import { inTerminal } from "../support/shells.ts";
import { describeWithTool } from "../support/tools.ts";

const PROGRAM = `'${process.execPath}' '${fileURLToPath(new URL("../../dist/node/cli/main.js", import.meta.url))}'`;
const CTRL_C = "\u0003";

describeWithTool("the program in a terminal", "script", inTerminal("exit 0"), () => {
	let silent: Server;
	let child: ChildProcess | undefined;
	beforeEach(async () => {
		silent = createServer().listen(0, "127.0.0.1");
		await once(silent, "listening");
	});
	afterEach(() => {
		child?.kill("SIGKILL");
		silent.close();
	});

	const environment = (more: object): NodeJS.ProcessEnv => ({
		...{ PATH: process.env["PATH"], TERM: "xterm-256color", HOME: "/nonexistent" },
		...more,
	});

	it("shows progress, and Ctrl-C leaves the terminal clean", async () => {
		const { port } = silent.address() as AddressInfo;
		const flags = `--rpc-url http://127.0.0.1:${port} --registry 0x${"11".repeat(20)}`;
		child = spawn("script", inTerminal(`${PROGRAM} org list ${flags}`), { env: environment({}) });
		let output = "";
		let isInterrupted = false;
		child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			output += text;
			if (isInterrupted || !output.includes("waiting for the node")) return;
			isInterrupted = true;
			child?.stdin?.write(CTRL_C);
		});
		const [exitCode] = (await once(child, "close")) as [number];
		expect(exitCode).toBe(130);
		expect(output).toContain(`waiting for the node at 127.0.0.1:${port} (`);
		// The terminal itself may show that the key was pressed.
		expect(toScreen(output).join("").replace("^C", "")).toBe("");
	});

	it("colours help, unless NO_COLOR or TERM=dumb is set", () => {
		const show = (more: object): string =>
			spawnSync("script", inTerminal(`${PROGRAM} token mint --help`), { env: environment(more), encoding: "utf8" })
				.stdout;
		const colored = show({});
		expect(colored).toContain("\u001b[1mUsage:\u001b[22m");
		for (const more of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
			expect(show(more)).toBe(stripVTControlCharacters(colored));
		}
	});

	it("colours nothing in pipes", () => {
		const { stdout } = spawnSync("sh", ["-c", `${PROGRAM} token mint --help`], {
			env: environment({}),
			encoding: "utf8",
		});
		expect(stdout).toContain("Usage: orgpass token mint");
		expect(stdout).not.toContain("\u001b");
	});
});
