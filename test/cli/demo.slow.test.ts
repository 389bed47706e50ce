import { describe, expect, it } from "vitest";
import { createCliWorld } from "../support/cli-world.ts";

const EXPECTED = [
	["a good token", "200"],
	["the same, tampered with", "401 token/signature"],
	["an expired one", "401 token/expired"],
	["one for another audience", "401 token/audience"],
	["the good token, its key revoked", "401 did/key-revoked"],
	["a token signed with the airline's new key", "200"],
] as const;

describe.concurrent("orgpass demo", () => {
	it("reports every step in one JSON document and exits with code 0", async () => {
		const world = createCliWorld();
		const { exitCode, json, stderr } = await world.run(["demo", "--json"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const steps = EXPECTED.map(([step, outcome]) => ({ step, expected: outcome, actual: outcome, ok: true }));
		expect(json).toEqual({ ok: true, steps });
		world.remove();
	});

	it("prints the steps as text", async () => {
		const world = createCliWorld();
		const { exitCode, stdout, stderr } = await world.run(["demo"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		for (const [step, outcome] of EXPECTED) expect(stdout).toMatch(new RegExp(`^ok +${step} +${outcome}$`, "m"));
		expect(stdout).not.toContain("FAIL");
		expect(stdout).toMatch(/\nEvery step did what it should\.\n$/);
		world.remove();
	});

	it("T62: stops on Ctrl-C with exit code 130", async () => {
		const world = createCliWorld();
		const interrupt = new AbortController();
		const { exitCode, stdout, stderr } = await world.run(["demo"], {
			signal: interrupt.signal,
			onStdout: (text) => {
				if (text.includes("tampered")) interrupt.abort();
			},
		});
		expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
		expect(stdout).not.toContain("revoked");
		world.remove();
	});
});
