/**
 * `.orgpass/chain.json`: how a running `orgpass chain` is found by the other commands.
 * @module
 */
import { mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../../encoding/json.js";
import { ConfigError } from "../../errors/errors.js";
import type { CliContext } from "../context.js";
import { fileError, readSettingsText, writeSecretFile } from "../files.js";
import { findUpwards } from "./find-upwards.js";

/** What stands in the file. */
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
});

/**
 * Finds a local chain that is running, in the working directory or above: the nearest one. A file whose
 * process is gone, or that is another user's, hides none.
 */
export function findRunningChain(context: CliContext): RunningChain | undefined {
	for (const path of findUpwards(context.cwd, NAME)) {
		const chain = readRunningChain(context, path);
		if (chain !== undefined) return chain;
	}
	return undefined;
}

/** Writes the file into the working directory. */
export function publishChain(context: CliContext, chain: RunningChain): () => void {
	const path = resolve(context.cwd, NAME);
	refuseSecond(context);
	try {
		mkdirSync(dirname(path), { recursive: true });
	} catch (cause) {
		throw fileError(`make the folder of ${NAME}`, cause);
	}
	writeSecretFile(context, path, `${JSON.stringify(chain)}\n`, true);
	return () => {
		rmSync(path, { force: true });
		try {
			rmdirSync(dirname(path));
		} catch {
			// Something else is in the folder: it stays.
		}
	};
}

/** Refuses to start a second chain from one directory: the other commands couldn't tell which is meant. */
export function refuseSecond(context: CliContext): void {
	const running = readRunningChain(context, resolve(context.cwd, NAME));
	if (running === undefined) return;
	throw new ConfigError(
		"config/chain-running",
		`a chain runs here already: process ${running.pid}, ${running.rpcUrl}`,
	);
}

function readRunningChain(context: CliContext, path: string): RunningChain | undefined {
	try {
		const { text, isOwn } = readSettingsText(context, path, NAME);
		const parsed = schema.safeParse(parseJson(text));
		return isOwn && parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
	} catch {
		return undefined;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
