/** Runtimes other than Node: each uses the fastest backend that works there, and prints nothing about the others. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { signSync } from "../../../src/keys/private-key.ts";
import { recoverAddress } from "../../../src/keys/recover-address.ts";
import type { CurveBackendName } from "../../../src/keys/secp256k1/curve-backend.ts";
import { ROOT } from "../../support/bundle-sources.ts";
import { describeBackends } from "../../support/curve-backends.ts";
import { bundleWorker, describeEdgeRuntimes } from "../../support/edge-runtimes.ts";
import { highSTwin } from "../../support/forge-token.ts";
import { type InstalledCopy, installCopy } from "../../support/installed-copy.ts";
import { documentWith, resultOf } from "../../support/static-resolver.ts";
import { createOfflineStage } from "../../support/token-stage.ts";
import { describeWithTool } from "../../support/tools.ts";
import { SCALAR_HEX, utf8 } from "../sample-keys.ts";

const HOOKS = new URL("../../support/source-hooks.ts", import.meta.url).href;
const REPORT = "test/support/runtime-report.js";
const SCRIPT = "test/support/runtime-script.js";
const PACKAGES = ["secp256k1", "tiny-secp256k1"];

const stage = await createOfflineStage();
const { did, key } = stage.sender;
const token = await stage.forge();
const data = utf8("data");
const digest = createHash("sha256").update(data).digest();
const signed = signSync(key, data);
const signature = [...signed, 27];

/** What every runtime is given. */
const CONFIG = {
	tokens: [token, highSTwin(token), await stage.forge({ key: (await generateKeyPair()).privateKey })],
	audience: stage.receiver.did,
	resolution: resultOf(documentWith(did, key.publicKey)),
	now: stage.now(),
	key: exportPrivateKey(key, "hex"),
	data: [...data],
	digest: [...digest],
	signature,
};

/** What every runtime answers. */
function reportWith(name: CurveBackendName): object {
	return {
		results: [did, did, "token/signature"],
		signed: [...signed],
		account: recoverAddress(digest, Uint8Array.from(signature)),
		backends: { verify: name, sign: name, recover: name },
	};
}

describeBackends("sign", (name) => {
	it("P8: Node loads no elliptic", () => {
		const script = `
			import { createRequire } from "node:module";
			import { importPrivateKey, signData, useCurveBackend } from "./src/keys.ts";
			useCurveBackend("${name}");
			await signData(await importPrivateKey("${SCALAR_HEX}"), new Uint8Array());
			console.log(Object.keys(createRequire(import.meta.url).cache).join("\\n"));
		`;
		const args = ["--import", HOOKS, "--input-type=module", "--eval", script];
		const loaded = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
		if (name !== "noble") expect(loaded).toContain(`/node_modules/${name}/`);
		expect(loaded).not.toMatch(/elliptic|bn\.js/);
	});
});

describeEdgeRuntimes((start) => {
	it("uses noble", async () => {
		const worker = await start(await bundleWorker("test/support/runtime-worker.js", CONFIG));
		expect(JSON.parse((await worker.ask("/")).text)).toEqual(reportWith("noble"));
		await worker.close();
	});
});

/** The arguments of a runtime, the optional packages that are installed, and what it then uses. */
type Row = readonly [args: readonly string[], packages: readonly string[], used: CurveBackendName];

describeRuntime("bun", [
	[[], PACKAGES, "secp256k1"],
	[[], ["tiny-secp256k1"], "tiny-secp256k1"],
	[[], [], "noble"],
]);
describeRuntime("deno", [
	[["run", "--allow-read", "--allow-env", "--allow-ffi"], PACKAGES, "secp256k1"],
	// Without the permission to load native code.
	[["run", "--allow-read", "--allow-env", "--no-prompt"], PACKAGES, "tiny-secp256k1"],
	[["run", "--allow-read", "--allow-env", "--allow-ffi"], [], "noble"],
]);

function describeRuntime(name: string, rows: readonly Row[]): void {
	const command = `${ROOT}node_modules/.bin/${name}`;
	describeWithTool(name, command, ["--version"], () => {
		describe.each(rows)("%j with %j", (args, packages, used) => {
			let copy: InstalledCopy;
			beforeAll(() => {
				copy = installCopy(packages, [REPORT, SCRIPT]);
			});
			afterAll(() => copy.remove());

			it(`uses ${used}, silently`, () => {
				const script = join(copy.folder, SCRIPT);
				const { stdout, stderr } = spawnSync(command, [...args, script, JSON.stringify(CONFIG)], {
					cwd: copy.folder,
					encoding: "utf8",
					env: { PATH: process.env["PATH"], DENO_DIR: join(copy.folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
				});
				expect(stderr).toBe("");
				expect(JSON.parse(stdout)).toEqual(reportWith(used));
			});
		});
	});
}
