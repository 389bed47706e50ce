/**
 * `.orgpass/chain.json`: how the other commands find a running `orgpass chain`.
 * @module
 */
import { mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { ConfigError } from "../../errors/errors.js";
import type { CliContext } from "../context.js";
import { fileError, findUpwards, readSettingsFile, writeSecretFile } from "../files.js";

export interface RunningChain {
	readonly pid: number;
	readonly rpcUrl: string;
	readonly chainId: number;
	readonly registry: string;
}

const NAME = join(".orgpass", "chain.json");

const schema = z.object({
	pid: z.int().check(z.positive()),
	rpcUrl: z.string(),
	chainId: z.int(),
	registry: z.string(),
} satisfies Record<keyof RunningChain, z.ZodMiniType>);

/** Finds the nearest running chain, in the working directory or above; skips dead ones and other users' files. */
export function findRunningChain(context: CliContext): RunningChain | undefined {
	for (const path of findUpwards(context.cwd, NAME)) {
		const chain = readRunningChain(context, path);
		if (chain !== undefined) return chain;
	}
	return undefined;
}

/** Writes the file to the working directory; returns a function that removes it. */
export function publishChain(context: CliContext, chain: RunningChain): () => void {
	const path = resolve(context.cwd, NAME);
	assertNoneRunning(context);
	try {
		mkdirSync(dirname(path), { recursive: true });
	} catch (cause) {
		throw fileError(`create the folder of ${NAME}`, cause);
	}
	writeSecretFile(context, path, `${JSON.stringify(chain)}\n`, true);
	return () => {
		rmSync(path, { force: true });
		// The folder may contain other files.
		undefinedOnError(() => rmdirSync(dirname(path)));
	};
}

/** Refuses a second chain in one directory: the other commands couldn't tell which one to use. */
export function assertNoneRunning(context: CliContext): void {
	const running = readRunningChain(context, resolve(context.cwd, NAME));
	if (running === undefined) return;
	throw new ConfigError(
		"config/chain-running",
		`a chain is already running here: process ${running.pid}, ${running.rpcUrl}`,
	);
}

function readRunningChain(context: CliContext, path: string): RunningChain | undefined {
	return undefinedOnError(() => {
		const { text, isOwn } = readSettingsFile(context, path, NAME);
		if (!isOwn) return undefined;
		const chain = schema.parse(parseJson(text));
		// Signal 0 only checks that the process exists; it throws if it doesn't.
		process.kill(chain.pid, 0);
		return chain;
	});
}
