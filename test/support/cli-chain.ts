/**
 * A chain started as a person starts it, with `orgpass chain`, for the other commands to find.
 * @module
 */
import { afterAll, beforeAll, expect } from "vitest";
import { type CliResult, type CliWorld, createCliWorld, type RunOptions } from "./cli-world.ts";

/** A chain that runs until it is stopped. */
export interface CliChain {
	readonly rpcUrl: string;
	readonly chainId: number;
	readonly registry: string;
	readonly accounts: readonly { readonly address: string; readonly privateKey: string }[];
	/** Presses Ctrl-C and waits for the end. */
	readonly stop: () => Promise<CliResult>;
}

/** Runs `orgpass chain --json` in a world until it reports that it is ready. */
export async function startCliChain(world: CliWorld, options: RunOptions = {}): Promise<CliChain> {
	const interrupt = new AbortController();
	let line = "";
	const ready = Promise.withResolvers<void>();
	const ended = world.run(["chain", "--json"], {
		...options,
		signal: interrupt.signal,
		onStdout: (text) => {
			line += text;
			ready.resolve();
		},
	});
	await Promise.race([ready.promise, ended]);
	expect(line).toMatch(/^\{.*\}\n$/);
	return {
		...(JSON.parse(line) as Omit<CliChain, "stop">),
		stop: () => {
			interrupt.abort();
			return ended;
		},
	};
}

/** A world with a chain, and an organization in it. */
export interface CliStage extends CliWorld {
	readonly chain: CliChain;
	/** Runs with `--json` and expects success. */
	readonly ok: (...argv: string[]) => Promise<Record<string, unknown>>;
	/** Creates an organization whose key `webserver` is in the file given. */
	readonly organization: (keyFile: string) => Promise<string>;
	readonly end: () => Promise<void>;
}

/** A stage for the tests of this file or block: set before them, ended after them. */
export function useCliStage(): CliStage {
	const stage = {} as CliStage;
	beforeAll(async () => void Object.assign(stage, await startCliStage()));
	afterAll(() => stage.end());
	return stage;
}

/** Sets a stage; `end` it after use. */
export async function startCliStage(): Promise<CliStage> {
	const world = createCliWorld();
	const chain = await startCliChain(world);
	const ok = async (...argv: string[]): Promise<Record<string, unknown>> => {
		const { exitCode, stderr, json } = await world.run([...argv, "--json"]);
		expect({ exitCode, stderr, json }).toMatchObject({ exitCode: 0, stderr: "" });
		return json;
	};
	return {
		...world,
		chain,
		ok,
		async organization(keyFile) {
			await ok("keys", "generate", "--out", keyFile);
			const { did } = await ok("org", "create");
			await ok("org", "add-key", `${did}#webserver`, "--public-key", keyFile);
			return did as string;
		},
		async end() {
			await chain.stop();
			world.remove();
		},
	};
}
