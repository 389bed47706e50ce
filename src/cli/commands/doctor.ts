/**
 * `orgpass doctor`: checks everything that a verifier needs.
 * @module
 */
import type { Command } from "commander";
import { isOrgpassError, type OrgpassError } from "../../errors/errors.js";
import { curveBackend } from "../../keys/secp256k1/choose-backend.js";
import { assertNodeVersion } from "../../testing/node-version.js";
import { formatVerdict } from "../colors.js";
import { addCommand, type CommandHost, type CommandSummary, type CommonFlags } from "../command.js";
import type { CliContext, Paint } from "../context.js";
import { exitCodeOf } from "../exit-code-of.js";
import { withRegistry } from "../organization.js";
import { type Outcome, printCauses } from "../outcome.js";
import { fetchChainId, findChain } from "../settings/network.js";

interface Check {
	readonly name: string;
	readonly ok: boolean;
	readonly value: string;
}

export function addDoctorCommand(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	addCommand(program, host, {
		usage: name,
		description,
		examples: ["orgpass doctor", "orgpass doctor --network gnosis"],
		run: ({ context, options }) => runChecks(context, options),
	});
}

async function runChecks(context: CliContext, options: CommonFlags): Promise<Outcome> {
	const checks: Check[] = [];
	const failures: OrgpassError[] = [];
	const check = async (name: string, work: () => unknown): Promise<void> => {
		try {
			checks.push({ name, ok: true, value: String(await work()) });
		} catch (error) {
			if (!isOrgpassError(error)) throw error;
			failures.push(error);
			printCauses(context, error);
			checks.push({ name, ok: false, value: `${error.message} (${error.code})` });
		}
	};
	await check("Node.js", nodeVersion);
	await check("curve backend", describeCurveBackend);
	await check("RPC node", async () => {
		const { registry: _, ...flags } = options;
		const { rpcUrl } = await findChain(context, flags);
		const chainId = await fetchChainId(context, rpcUrl);
		return `chain ${chainId} at ${new URL(rpcUrl).origin}`;
	});
	await check("registry", () =>
		withRegistry(context, options, async (registry) => {
			const ids = await registry.list();
			return `${registry.address} (${(await registry.readAdapter()).name}), ${ids.length} organizations`;
		}),
	);
	const [failure] = failures;
	const text = (paint: Paint): string =>
		checks.map(({ name, ok, value }) => `${formatVerdict(paint, ok)}  ${name.padEnd(14)}${value}`).join("\n");
	if (failure === undefined) return { data: { ok: true, checks }, text };
	const { code, message } = failure;
	return { data: { ok: false, code, message, checks }, text, exitCode: exitCodeOf(code) };
}

/** The implementations of the curve, and how to get a faster one. */
function describeCurveBackend(): string {
	const signer = curveBackend("sign");
	const advice = signer === "noble" ? "; faster after npm install secp256k1" : "";
	return `${curveBackend("verify")} verifies, ${signer} signs${advice}`;
}

function nodeVersion(): string {
	assertNodeVersion();
	return process.version;
}
