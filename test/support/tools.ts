/**
 * Programs from outside, such as those that make keys. Where one is absent its tests are skipped, and one line on stderr
 * says so; with ORGPASS_REQUIRE_ALL=1 they fail instead.
 * @module
 */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Runs a suite that needs a program; `run` gives its standard output. */
export function describeWithTool(
	title: string,
	command: string,
	probe: readonly string[],
	suite: (run: (args: readonly string[], input?: string) => string) => void,
): void {
	const run = (args: readonly string[], input?: string): string =>
		execFileSync(command, args, { encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] });
	if (answers(run, probe)) {
		describe(title, () => suite(run));
		return;
	}
	const missing = `${command} ${probe.join(" ")} does not work`;
	if (process.env["ORGPASS_REQUIRE_ALL"] === "1") {
		it(title, () => {
			expect.fail(missing);
		});
		return;
	}
	process.stderr.write(`skipped: ${title} (${missing})\n`);
	describe.skip(title, () => {});
}

function answers(run: (args: readonly string[]) => string, probe: readonly string[]): boolean {
	try {
		run(probe);
		return true;
	} catch {
		return false;
	}
}
