/**
 * `.orgpass/chain.json`: how the other commands find a running `orgpass chain`.
 * @module
 */
import { lstatSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { parseJson } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { ConfigError } from "../../errors/errors.js";
import { positiveInteger } from "../../options/value-schemas.js";
import { LOCAL_CHAIN_ID } from "../../registry/known-networks.js";
import type { CliContext } from "../context.js";
import { fileError, findUpwards, isForeignLink, readSettingsFile, writeSecretFile } from "../files.js";
import { servesNonce } from "./chain-proof.js";

export interface RunningChain {
	readonly pid: number;
	readonly rpcUrl: string;
	readonly chainId: number;
	readonly registry: string;
	/** The nonce that the chain itself serves. */
	readonly nonce: string;
}

const NAME = join(".orgpass", "chain.json");

const schema = v.object({
	pid: positiveInteger,
	rpcUrl: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
	chainId: v.literal(LOCAL_CHAIN_ID),
	registry: v.string(),
	nonce: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{66}$/)),
} satisfies Record<keyof RunningChain, v.GenericSchema>);

/** Finds the nearest running chain, in the working directory or above; skips any that can't prove that it's running. */
export async function findRunningChain(context: CliContext): Promise<RunningChain | undefined> {
	for (const path of findUpwards(context.cwd, NAME)) {
		const chain = await readRunningChain(context, path);
		if (chain !== undefined) return chain;
	}
	return undefined;
}

/** Writes the file to the working directory; returns a function that removes it. */
export async function publishChain(context: CliContext, chain: RunningChain): Promise<() => void> {
	const path = resolve(context.cwd, NAME);
	await assertNoneRunning(context);
	try {
		mkdirSync(dirname(path), { recursive: true });
		if (lstatSync(dirname(path)).isSymbolicLink()) throw new Error("the folder is a link");
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
export async function assertNoneRunning(context: CliContext): Promise<void> {
	const running = await readRunningChain(context, resolve(context.cwd, NAME));
	if (running === undefined) return;
	throw new ConfigError(
		"config/chain-running",
		`a chain is already running here: process ${running.pid}, ${running.rpcUrl}`,
	);
}

async function readRunningChain(context: CliContext, path: string): Promise<RunningChain | undefined> {
	const chain = undefinedOnError(() => {
		const { text, isOwn } = readSettingsFile(context, path, NAME);
		if (!isOwn || isForeignLink(dirname(path))) return undefined;
		const content = v.parse(schema, parseJson(text));
		// Signal 0 only checks that the process exists, and throws if it doesn't.
		process.kill(content.pid, 0);
		return content;
	});
	return chain !== undefined && (await servesNonce(chain.rpcUrl, chain.nonce)) ? chain : undefined;
}
