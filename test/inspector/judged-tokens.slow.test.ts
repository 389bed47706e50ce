/** Tokens of all kinds have the same verdict, at the same step, in the page and on the command line. */
import { expect, it } from "vitest";
import { fillFields, pasteToken, readVerdict, useInspectorStage } from "../support/inspector-page.ts";
import { mintJudgedTokens } from "../support/judged-tokens.ts";
import { KINDS } from "../support/token-kinds.ts";
import { describeWithTool } from "../support/tools.ts";

describeWithTool("the inspector", "chromium", ["--version"], () => {
	const stage = useInspectorStage();

	it("refuses tokens of all kinds at the step that token explain names", async () => {
		const tokens = await mintJudgedTokens(stage);
		expect(tokens).toHaveLength(10 * KINDS.length);
		let filled: readonly string[] = [];
		for (const token of tokens) {
			const { json } = await stage.run(["token", "explain", token.text, ...token.options, "--json"]);
			// What the field of the time or the scope holds stays when another token is pasted.
			if (token.options.join() !== filled.join()) await stage.page.goto(stage.url);
			filled = token.options;
			await pasteToken(stage.page, token.text);
			await fillFields(stage, token);
			const verdict = await readVerdict(stage.page);
			expect(verdict, token.name).toEqual({ outcome: json["outcome"], step: json["step"] ?? null });
			const error = json["error"] as { readonly code: string } | undefined;
			if (error !== undefined) expect(await stage.page.getByRole("status").textContent()).toContain(error.code);
		}
	});
});
