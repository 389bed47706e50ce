import { describe, expect, it } from "vitest";
import { useCurveBackend } from "../../src/keys/secp256k1/choose-backend.ts";
import { useCliStage } from "../support/cli-chain.ts";
import { createCliWorld } from "../support/cli-world.ts";
import { useFastestBackend } from "../support/curve-backends.ts";

const NAMES = ["Node.js", "curve backend", "RPC node", "registry"];

describe("orgpass doctor", () => {
	const stage = useCliStage();

	it("passes all checks: Node, curve backend, chain id, registry", async () => {
		const { rpcUrl, registry } = stage.chain;
		expect(await stage.ok("doctor")).toEqual({
			ok: true,
			checks: [
				{ name: "Node.js", ok: true, value: process.version },
				{ name: "curve backend", ok: true, value: expect.stringMatching(/^\S+ verifies, \S+ signs/) },
				{ name: "RPC node", ok: true, value: `chain 31337 at ${rpcUrl}` },
				{ name: "registry", ok: true, value: `${registry} (orgpass), 0 organizations` },
			],
		});
		const { exitCode, stdout } = await stage.run(["doctor"]);
		expect(exitCode).toBe(0);
		for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^ok {4}${name} `, "m"));
	});

	it("advises to install a faster backend if there is none, which isn't a failure", async () => {
		useCurveBackend("node:crypto");
		const { json } = await stage.run(["doctor", "--json"]);
		useFastestBackend();
		const value = "node:crypto verifies, noble signs; faster after npm install secp256k1";
		expect(json).toMatchObject({ ok: true, checks: [{}, { name: "curve backend", ok: true, value }, {}, {}] });
	});

	it.each([
		["missing settings", [], 2, "config/missing", [true, true, false, false]],
		["a node that is down", ["--rpc-url", "http://127.0.0.1:1"], 3, "registry/unreachable", [true, true, false, false]],
		[
			"a missing contract",
			["--registry", `0x${"11".repeat(20)}`],
			3,
			"registry/no-contract",
			[true, true, true, false],
		],
		["an invalid registry address", ["--registry", "0x12"], 2, "config/invalid-option", [true, true, true, false]],
	])("reports %s, and sets the exit code accordingly", async (what, flags, exitCode, code, oks) => {
		const world = what === "missing settings" ? createCliWorld() : stage;
		const result = await world.run(["doctor", ...flags, "--json"]);
		expect(result.json).toEqual({
			ok: false,
			code,
			message: expect.any(String),
			checks: NAMES.map((name, index) => ({ name, ok: oks[index], value: expect.any(String) })),
		});
		expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode, stderr: "" });
		const { stdout } = await world.run(["doctor", ...flags]);
		expect(stdout).toMatch(new RegExp(`^FAIL {2}.*\\(${code}\\)$`, "m"));
		if (world !== stage) world.remove();
	});
});
