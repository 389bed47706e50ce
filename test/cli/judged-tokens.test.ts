/** Tokens of all kinds have the same verdict, at the same step, in the library and on the command line. */
import { beforeAll, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { useCliStage } from "../support/cli-chain.ts";
import { type JudgedToken, mintJudgedTokens } from "../support/judged-tokens.ts";
import { KINDS } from "../support/token-kinds.ts";

const stage = useCliStage();
let tokens: readonly JudgedToken[];
beforeAll(async () => {
	tokens = await mintJudgedTokens(stage);
});

/** What is compared: who refuses what, and where. */
interface Verdict {
	readonly code: string | undefined;
	readonly step: string | undefined;
}

async function judgeInLibrary({ text, profile, now, scope }: JudgedToken): Promise<Verdict> {
	const verifier = createVerifier({ profiles: [profile], now: now === undefined ? undefined : () => now });
	const required = scope === undefined ? {} : { scope };
	const { step, error } = await verifier.explain(text, required);
	const code = await verifier.verify(text, required).then(
		() => undefined,
		(refusal: OrgpassError) => refusal.code,
	);
	expect((error as OrgpassError | undefined)?.code).toBe(code);
	return { code, step };
}

async function judgeOnCommandLine({ text, options }: JudgedToken): Promise<Verdict> {
	const verified = await stage.run(["token", "verify", text, ...options, "--json"]);
	const explained = await stage.run(["token", "explain", text, ...options, "--json"]);
	const { step, error } = explained.json as { readonly step?: string; readonly error?: { readonly code: string } };
	expect([error?.code, explained.exitCode]).toEqual([verified.json["code"], verified.exitCode]);
	return { code: error?.code, step };
}

it("tokens of all kinds are refused at the same step", async () => {
	expect(new Set(tokens.map(({ profile }) => profile.name))).toEqual(new Set(KINDS));
	for (const token of tokens) {
		const verdict = await judgeInLibrary(token);
		expect(verdict.step, token.name).toBe(token.step);
		expect(await judgeOnCommandLine(token), token.name).toEqual(verdict);
	}
});
