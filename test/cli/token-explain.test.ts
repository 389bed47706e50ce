/** `orgpass token explain`: what it prints, for every kind, and that it agrees with `token verify`. */
import { beforeAll, describe, expect, it } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { toSegment } from "../support/forge-token.ts";

const stage = useCliStage();
let did: string;
let token: string;
beforeAll(async () => {
	did = await stage.organization("k.pem");
	token = await mint("--scope", "book");
});

async function mint(...args: string[]): Promise<string> {
	const minting = ["token", "mint", "--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", did];
	return (await stage.run([...minting, ...args])).stdout.trim();
}

const explain = (text: string, ...args: string[]) => stage.run(["token", "explain", text, "--audience", did, ...args]);

describe("orgpass token explain", () => {
	it("shows each step of a good token, with the organization's record", async () => {
		const { exitCode, stdout, stderr } = await explain(token);
		expect([exitCode, stderr]).toEqual([0, ""]);
		expect(stdout).toMatch(/^valid: every step passed\n\nok {6}syntax\nok {6}kind\n {8}profile {8}orgid\n/);
		expect(stdout).toMatch(/^ {8}exp {12}\d{4}-\d\d-\d\d \d{1,2}:\d\d:\d\d [^\n]+ \(in 59m\)$/m);
		expect(stdout).toMatch(/^ok {6}record \(from the node(, \d+ ms)?\)$/m);
		expect(stdout).toMatch(new RegExp(`\n\n${did}\nowner {5}0x`));
	});

	it("names the step that refuses a token, what to do, and what else can be judged", async () => {
		const { exitCode, stdout } = await explain(token, "--now", "2030-01-01");
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(
			/^refused at the step claims: expected exp in the future, .* \(token\/expired\)\nMint a new token\.\n/,
		);
		const [, after = ""] = stdout.split("A verification ends here. What else can be judged:\n");
		expect(after).toMatch(/^ok {6}chain\n/);
		expect(after).toMatch(/^ok {6}signature/m);
	});

	it("prints the same as data with --json", async () => {
		const { json, exitCode } = await explain(token, "--scope", "admin", "--json");
		expect(exitCode).toBe(1);
		expect(json).toMatchObject({
			outcome: "denied",
			step: "grant",
			error: { code: "policy/scope", message: expect.any(String), advice: expect.any(String) },
			organization: { did },
		});
		const steps = json["steps"] as { readonly name: string; readonly outcome: string }[];
		expect(steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
			"syntax passed",
			"kind passed",
			"header passed",
			"issuer passed",
			"claims passed",
			"chain passed",
			"record passed",
			"organization passed",
			"key passed",
			"signature passed",
			"validity passed",
			"grant denied",
		]);
	});

	it("prints nothing of a token that could control the terminal", async () => {
		const [header, , signature] = token.split(".");
		const claims = { iss: "\u001b[2J\u202e", aud: "\u001b]0;x\u0007", jti: "\u009b1m" };
		for (const args of [[], ["--json"]]) {
			const { stdout, stderr } = await explain([header, toSegment(claims), signature].join("."), ...args);
			expect(stdout + stderr).not.toMatch(/[^\n\x20-\x7e…]/);
			expect(stdout).toContain("\\u001b");
		}
	});

	it("is what token verify suggests for a refused token", async () => {
		const { stdout } = await stage.run(["token", "verify", token, "--audience", did, "--scope", "admin"]);
		expect(stdout).toMatch(/^orgpass token explain, with the same options, shows each step$/m);
	});

	it("agrees with token verify, whatever is wrong", async () => {
		const [header, payload, signature = ""] = token.split(".");
		const tokens = [
			token,
			"",
			"a.b",
			`${token}.`,
			[header, payload, signature.replace(/^./, "_")].join("."),
			token.slice(0, -1),
		];
		const options = [[], ["--scope", "admin"], ["--resource", "x"], ["--now", "1"], ["--now", "2030-01-01"]];
		for (const text of tokens) {
			for (const extra of options) {
				const args = [text, "--audience", did, "--profile", "orgid", ...extra, "--json"];
				const verified = await stage.run(["token", "verify", ...args]);
				const explained = await stage.run(["token", "explain", ...args]);
				const { valid, code } = verified.json as { readonly valid?: boolean; readonly code?: string };
				const { outcome, error } = explained.json as {
					readonly outcome?: string;
					readonly error?: { readonly code: string };
				};
				expect([outcome === "accepted", error?.code], text).toEqual([valid, code]);
				expect(explained.exitCode).toBe(verified.exitCode);
			}
		}
	});
});
