/** Stores of used tokens that several processes share, and that survive them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { highSTwin } from "../../support/forge-token.ts";
import { startRedis } from "../../support/redis-server.ts";
import type { Counts, Presentation, ReplaySetup } from "../../support/replay-process.ts";
import { documentWith } from "../../support/static-resolver.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

const PROGRAM = fileURLToPath(new URL("../../support/replay-process.ts", import.meta.url));
const HOOKS = new URL("../../support/source-hooks.ts", import.meta.url).href;

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const children: ChildProcess[] = [];
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function startProcess(store: ReplaySetup["store"]): Promise<ChildProcess> {
	const { sender, receiver } = stage;
	const setup: ReplaySetup = {
		audience: receiver.did,
		document: documentWith(sender.did, sender.key.publicKey),
		store,
	};
	const child = fork(PROGRAM, [JSON.stringify(setup)], { execArgv: ["--import", HOOKS] });
	children.push(child);
	expect(await once(child, "message")).toEqual(["ready", undefined]);
	return child;
}

async function present(child: ChildProcess, tokens: readonly string[], times: number): Promise<Counts> {
	child.send({ tokens, times } satisfies Presentation);
	const [counts] = await once(child, "message");
	return counts;
}

async function crash(child: ChildProcess): Promise<void> {
	child.kill("SIGKILL");
	await once(child, "exit");
}

/** Adds up what processes counted. */
function sum(...all: readonly Counts[]): Counts {
	const total: Record<string, number> = {};
	for (const [name, count] of all.flatMap((counts) => Object.entries(counts))) total[name] = (total[name] ?? 0) + count;
	return total;
}

/** Different tokens of the sender. */
function forgeTokens(count: number): Promise<readonly string[]> {
	return Promise.all(Array.from({ length: count }, (_, at) => stage.forge({ payload: stage.claims({ at, count }) })));
}

function newFile(): string {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-processes-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, "used-tokens.db");
}

describe("T29: a file of SQLite", () => {
	it("T29: has one acceptance of each token among 1,000 presentations to two processes, and none after they were killed", async () => {
		const file = newFile();
		const [one, other] = await Promise.all([startProcess({ file }), startProcess({ file })]);
		const tokens = await Promise.all(["1", undefined].map((jti) => stage.forge({ payload: stage.claims({ jti }) })));
		const twins = tokens.map(highSTwin);
		const counts = await Promise.all([present(one, tokens, 250), present(other, twins, 250)]);
		expect(sum(...counts)).toEqual({ accepted: 2, "replay/seen": 998 });
		await Promise.all([crash(one), crash(other)]);
		const next = await startProcess({ file });
		expect(await present(next, [...tokens, ...twins], 10)).toEqual({ "replay/seen": 40 });
		expect(await present(next, [await stage.forge({ payload: stage.claims({ jti: "2" }) })], 2)).toEqual({
			accepted: 1,
			"replay/seen": 1,
		});
	});

	it("T29: has no second acceptance of a token if a process is killed while it accepts others", async () => {
		const file = newFile();
		const tokens = await forgeTokens(40);
		const accepted: Counts[] = [];
		for (const count of [20, 40]) {
			const child = await startProcess({ file });
			for (const token of tokens.slice(0, count)) accepted.push(await present(child, [token], 1));
			// It is killed while it works on these.
			child.send({ tokens: await forgeTokens(100), times: 1 } satisfies Presentation);
			await crash(child);
		}
		expect(sum(...accepted)).toEqual({ accepted: 40, "replay/seen": 20 });
	});
});

describeWithTool("T29: a Redis server", "redis-server", ["--version"], () => {
	it("T29: has one acceptance of each token among many presentations to two processes", async () => {
		const server = await startRedis();
		onTestFinished(() => server.stop());
		const setup = { socket: server.path };
		const [one, other] = await Promise.all([startProcess(setup), startProcess(setup)]);
		const token = await stage.forge({ payload: stage.claims({ jti: "1" }) });
		const counts = await Promise.all([present(one, [token], 500), present(other, [highSTwin(token)], 500)]);
		expect(sum(...counts)).toEqual({ accepted: 1, "replay/seen": 999 });
		const tokens = await forgeTokens(100);
		const more = await Promise.all([present(one, tokens, 2), present(other, tokens.toReversed(), 2)]);
		expect(sum(...more)).toEqual({ accepted: 100, "replay/seen": 300 });
		await crash(one);
		expect(await present(await startProcess(setup), [token], 1)).toEqual({ "replay/seen": 1 });
	});
});
