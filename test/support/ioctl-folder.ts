/**
 * Ioctl's folder in a world for the command line: a configuration and keystores, written by others than us.
 * @module
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { encryptKeystoreJson } from "ethers";
import { type CliResult, type CliWorld, createCliWorld, type RunOptions } from "./cli-world.ts";

/** The folder below HOME. */
export const IOCTL_FOLDER = ".config/ioctl/default";
/** The password of all keystores. */
export const PASSWORD = "hunter2 ✓";
/** Of the private key 0x11…11. */
export const ACCOUNT = {
	privateKey: `0x${"11".repeat(32)}`,
	address: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A",
	ioAddress: "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk",
	itAddress: "it1r8n7xah8cgfm0el8u3kvwzja6zrd4le2peyam4",
	publicKey:
		"0x044f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa385b6b1b8ead809ca67454d9683fcf2ba03456d6fe2c4abe2b07f0fbdbb2f1c1",
} as const;
/** Of the private key 0x22…22. */
export const OTHER = {
	privateKey: `0x${"22".repeat(32)}`,
	address: "0x1563915e194D8CfBA1943570603F7606A3115508",
} as const;

/** A world with ioctl's folder. */
export interface IoctlWorld extends CliWorld {
	/** Runs `orgpass jwt …` with HOME set. */
	readonly jwt: (argv: readonly string[], options?: RunOptions) => Promise<CliResult>;
	/** Writes a file of the folder. */
	readonly writeIoctl: (name: string, text: string | Uint8Array, mode?: number) => void;
	/** All names, contents, modes and times of the folder. */
	readonly snapshot: () => readonly unknown[];
}

/** Makes a world with one account, `whale`, that is the default one. */
export async function createIoctlWorld(): Promise<IoctlWorld> {
	const world = createCliWorld();
	const writeIoctl: IoctlWorld["writeIoctl"] = (name, text, mode) => {
		world.write(join(IOCTL_FOLDER, name), text, mode);
	};
	writeIoctl("config.default", configText(`  whale: ${ACCOUNT.ioAddress}\n  other: ${OTHER.address}\n`, "whale"));
	writeIoctl("UTC--2026-01-01T00-00-00.000000000Z--19e7", await encryptKeystore(ACCOUNT));
	return {
		...world,
		writeIoctl,
		jwt: (argv, options = {}) =>
			world.run(["jwt", ...argv], { ...options, env: { HOME: world.folder, ...options.env } }),
		snapshot: () => snapshot(world.path(IOCTL_FOLDER)),
	};
}

/** A configuration as ioctl writes it. */
export function configText(aliases: string, defaultAccount: string): string {
	return `wallet: ""
endpoint: api.iotex.one:443
secureConnect: true
aliases:
${aliases}defaultAccount:
  addressOrAlias: ${defaultAccount}
explorer: iotexscan
language: English
nsv2height: 5165641
`;
}

/** A keystore made by ethers, quick to open. */
export function encryptKeystore(
	account: { readonly address: string; readonly privateKey: string },
	password = PASSWORD,
): Promise<string> {
	return encryptKeystoreJson(account, password, { scrypt: { N: 1024, r: 1, p: 1 } });
}

function snapshot(folder: string): readonly unknown[] {
	const entries = ["", ...readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()];
	return entries.map((name) => {
		const path = join(folder, name);
		const { mode, mtimeNs, ctimeNs, ino, size } = statSync(path, { bigint: true });
		const content = statSync(path).isFile() ? readFileSync(path).toString("hex") : undefined;
		return { name, mode, mtimeNs, ctimeNs, ino, size, content };
	});
}
