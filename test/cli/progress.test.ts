import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { observeWaits } from "../../src/cli/observe-waits.ts";
import { startProgress, withProgress } from "../../src/cli/progress.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { observe } from "../../src/observe/observe.ts";
import type { Observer, StartedOperation } from "../../src/observe/observer.ts";
import { startCliStage } from "../support/cli-chain.ts";
import { type CliResult, type CliWorld, createCliWorld, type RunOptions, silentContext } from "../support/cli-world.ts";
import { idle, pass, until } from "../support/patient-timers.ts";
import { encryptPem } from "../support/pem.ts";
import { postJson } from "../support/post-json.ts";
import { toScreen } from "../support/screen.ts";

/** A node that responds, with an error, only when it is told to. */
interface HeldNode {
	readonly host: string;
	readonly flags: readonly string[];
	readonly isAsked: () => boolean;
	readonly release: () => void;
	readonly close: () => void;
}

async function startHeldNode(): Promise<HeldNode> {
	const waiting: (() => void)[] = [];
	let isHeld = true;
	const server = createServer((request, response) => {
		const respond = (): void => {
			response.writeHead(500).end();
		};
		request.resume();
		if (isHeld) waiting.push(respond);
		else respond();
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		host: `127.0.0.1:${port}`,
		flags: ["--rpc-url", `http://127.0.0.1:${port}`, "--registry", `0x${"11".repeat(20)}`],
		isAsked: () => waiting.length > 0,
		release() {
			isHeld = false;
			for (const respond of waiting.splice(0)) respond();
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

describe("progress", () => {
	let world: CliWorld;
	let node: HeldNode;
	beforeAll(() => {
		world = createCliWorld();
	});
	afterAll(() => world.remove());
	beforeEach(async () => {
		node = await startHeldNode();
	});
	afterEach(() => node.close());

	/** Runs `org list`; returns also what the terminal shows while the node doesn't respond for so long. */
	async function list(
		waitMs: number,
		options: RunOptions,
		...flags: readonly string[]
	): Promise<{ readonly result: CliResult; readonly shown: readonly string[]; readonly written: string }> {
		let written = "";
		const running = world.run(["org", "list", ...node.flags, ...flags], {
			...options,
			onStderr: (text) => {
				written += text;
			},
		});
		await until(node.isAsked);
		await pass(waitMs);
		const shown = toScreen(written);
		node.release();
		return { result: await running, shown, written };
	}

	it("says after a second what a terminal's user waits for, and erases it", async () => {
		const { shown, result } = await list(1_000, { terminalWidth: 120 });
		expect(shown).toEqual([expect.stringMatching(new RegExp(`^waiting for the node at ${node.host} \\(\\d+ s\\)$`))]);
		const lines = toScreen(result.stderr);
		expect(lines[0]).toMatch(/^orgpass: .*\(registry\/unreachable\)$/);
		expect(lines.join()).not.toContain("waiting for");
		expect(result.exitCode).toBe(3);
	});

	it("is shown with --json, too, and leaves standard output alone", async () => {
		const { shown, result } = await list(1_000, { terminalWidth: 120 }, "--json");
		expect(shown.join()).toContain("waiting for");
		expect(toScreen(result.stderr)).toEqual([""]);
		expect(result.json).toMatchObject({ code: "registry/unreachable" });
	});

	it("never fills the line, which would wrap", async () => {
		const { shown } = await list(1_000, { terminalWidth: 20 });
		expect(shown).toEqual(["waiting for the nod"]);
	});

	it.each<[string, number, RunOptions, readonly string[]]>([
		["within the first second", 999, { terminalWidth: 80 }, []],
		["without a terminal", 3_000, {}, []],
		["with --quiet", 3_000, { terminalWidth: 80 }, ["--quiet"]],
		["with -q", 3_000, { terminalWidth: 80 }, ["-q"]],
	])("isn't shown %s", async (_what, waitMs, options, flags) => {
		const { written } = await list(waitMs, { ...options, env: { NO_COLOR: "1" } }, ...flags);
		expect(written).toMatch(/^orgpass: /);
		expect(written).not.toContain("\r");
	});

	it("is shown a second after the last output", async () => {
		let written = "";
		const write = (text: string): void => {
			written += text;
		};
		const context = { ...silentContext("/"), stdout: write, stderr: write, terminalWidth: () => 80 };
		const progress = startProgress(context);
		await pass(600);
		withProgress(context, progress).stdout("a result\n");
		await pass(999);
		expect(written).toBe("a result\n");
		await pass(1);
		expect(toScreen(written)).toEqual(["a result", expect.stringMatching(/^still working \(\d+ s\)$/)]);
		withProgress(context, progress).stderr("a note\n");
		expect(toScreen(written)).toEqual(["a result", "a note", ""]);
		progress.end();
		progress.erase();
		await pass(3_000);
		expect(toScreen(written)).toEqual(["a result", "a note", ""]);
	});

	it("leaves the terminal clean after Ctrl-C", async () => {
		const interrupt = new AbortController();
		let written = "";
		const running = world.run(["org", "list", ...node.flags], {
			terminalWidth: 80,
			signal: interrupt.signal,
			onStderr: (text) => {
				written += text;
			},
		});
		await until(node.isAsked);
		await pass(1_000);
		expect(toScreen(written).join()).toContain("waiting for");
		interrupt.abort();
		expect(toScreen(written)).toEqual([""]);
		const atInterrupt = written;
		await pass(1_000);
		node.release();
		expect((await running).exitCode).toBe(130);
		expect(written).toBe(atInterrupt);
	});

	it("makes room for a prompt", async () => {
		const { privateKey } = await generateKeyPair();
		world.write("k.pem", encryptPem(exportPrivateKey(privateKey, "pkcs8"), "secret"));
		let written = "";
		let whileAsked: string | undefined;
		const exitCode = await runCli(["keys", "inspect", "k.pem"], {
			...silentContext(world.folder),
			terminalWidth: () => 80,
			stdout: () => undefined,
			stderr: (text) => {
				written += text;
			},
			async askSecret(question) {
				written += question;
				await pass(3_000);
				whileAsked = written;
				return "secret";
			},
		});
		expect(exitCode).toBe(0);
		expect(whileAsked).toBe("Password of the key: ");
	});
});

it.each<[string, StartedOperation]>([
	["waiting for the node at node.example", { operation: "rpc", calls: 1, chainId: 1, host: "node.example" }],
	["waiting for the document at docs.example:8443", { operation: "document", did: "d", host: "docs.example:8443" }],
	["waiting for the document", { operation: "document", did: "d" }],
	["waiting for the keys at keys.example", { operation: "jwks", host: "keys.example" }],
	["waiting for the document at \\u001b]0;\\u009b", { operation: "document", did: "d", host: "\u001b]0;\u009b" }],
	["still working", { operation: "resolve" }],
])("says %s", async (text, started) => {
	let written = "";
	const stderr = (more: string): void => {
		written += more;
	};
	const context = { ...silentContext("/"), stderr, terminalWidth: () => 80 };
	const progress = startProgress(context);
	const { promise, resolve } = Promise.withResolvers<void>();
	const observed = observe(observeWaits({ ...context, progress }) as Observer, started, () => promise);
	await pass(1_000);
	const [line = ""] = toScreen(written);
	expect(line.replace(/\d+ s/, "N s")).toBe(`${text} (N s)`);
	resolve();
	await observed;
	progress.end();
	expect(toScreen(written)).toEqual([""]);
});

it("org create says that it waits for a block", async () => {
	const stage = await startCliStage();
	const call = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
		const { body } = await postJson(stage.chain.rpcUrl, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
		return JSON.parse(body).result;
	};
	const countPending = async (): Promise<number> =>
		Number(await call("eth_getBlockTransactionCountByNumber", "pending"));
	await call("evm_setAutomine", false);
	let written = "";
	const running = stage.run(["org", "create"], {
		terminalWidth: 80,
		onStderr: (text) => {
			written += text;
		},
	});
	while ((await countPending()) === 0) await pass(0);
	while (!toScreen(written).join().includes("waiting for the transaction to be in a block (")) {
		// The time limits of requests pass, too, so they must have responses.
		await idle(100);
		await pass(1_000);
	}
	await call("evm_setAutomine", true);
	await call("evm_mine");
	const { exitCode, stdout } = await running;
	expect(exitCode).toBe(0);
	expect(stdout).toMatch(/^did:orgid:/);
	expect(toScreen(written)).toEqual([expect.stringMatching(/^transaction 0x/), ""]);
	await stage.end();
});

it("--quiet leaves out notes, but neither warnings nor errors", async () => {
	const world = createCliWorld();
	await world.run(["keys", "generate", "--out", "k.pem"]);
	const argv = ["keys", "inspect", `0x${"11".repeat(32)}`];
	for (const flags of [[], ["--quiet"]]) {
		expect((await world.run([...argv, ...flags])).stderr).toMatch(/^warning: a private key on the command line/);
	}
	const refused = await world.run(["keys", "inspect", "missing.pem", "-q"]);
	expect(refused.stderr).toMatch(/^orgpass: can't read the key file/);
	const network = ["org", "list", "--network", "gnosis", "--registry", "nonsense"];
	expect((await world.run([...network, "--quiet"])).stderr).not.toContain("public node");
	world.remove();
});
