/**
 * Starts the signing device in another process, and asks it over HTTP as a KMS is asked.
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RemoteSign } from "../../src/keys/remote-signer.ts";

const PROGRAM = fileURLToPath(new URL("./signing-device.ts", import.meta.url));

/** A device that is running. */
export interface SigningDevice {
	readonly url: string;
	/** Public keys as SPKI PEM. */
	readonly keys: { readonly ES256K: string; readonly RS256: string };
	/** A client of one of its paths, such as `/rs256/digest`. */
	client(path: string): RemoteSign;
	/** Ends it; later calls do nothing. */
	stop(): Promise<void>;
}

/** Starts a device with new keys; half a second. */
export async function startSigningDevice(): Promise<SigningDevice> {
	const child = spawn(process.execPath, [PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
	const [line] = (await once(createInterface(child.stdout), "line")) as [string];
	const { port, keys } = JSON.parse(line) as { readonly port: number; readonly keys: SigningDevice["keys"] };
	const url = `http://127.0.0.1:${port}`;
	return {
		url,
		keys,
		client: (path) => async (bytes, signal) => {
			const response = await fetch(`${url}${path}`, {
				method: "POST",
				body: new Uint8Array(bytes),
				signal,
			});
			if (!response.ok) throw new Error(await response.text());
			return new Uint8Array(await response.arrayBuffer());
		},
		async stop() {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill();
			await once(child, "exit");
		},
	};
}
