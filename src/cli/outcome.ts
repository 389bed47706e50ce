/**
 * What a command prints: its outcome, a failure or a bug, as text or as one JSON document.
 * @module
 */
import { ERROR_CODES, type ErrorCode } from "../errors/codes.js";
import { escapeText, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import { leavePlain } from "./colors.js";
import type { CliContext, Paint } from "./context.js";
import { EXIT } from "./exit-code.js";
import { exitCodeOfError } from "./exit-code-of.js";
import { messageWithFlags } from "./flag-names.js";
import { settingsReport } from "./settings/settings-report.js";

const MAX_CAUSES = 8;

export interface Outcome {
	/** Printed with `--json`. */
	readonly data: object;
	/** Printed otherwise, with a line break unless `isExact`. What a program may read is never coloured. */
	readonly text: string | ((paint: Paint) => string);
	/** The text is the content of a file and is printed byte for byte. */
	readonly isExact?: boolean;
	/** Default: 0. */
	readonly exitCode?: number;
}

/** Advice that names command-line flags, where the library's advice names its options; empty if the message says it all. */
const FLAG_ADVICE: Partial<Record<ErrorCode, string>> = {
	"token/too-large": "Send a smaller token.",
	"token/milliseconds":
		"Set `exp` in seconds, or accept the milliseconds of Winding Tree's SDK with --accept-milliseconds.",
	"token/lifetime": "Mint a token with a shorter lifetime, or allow a longer one with --max-lifetime.",
	"token/signature": "The signature isn't the issuer's: sign with the key or account that the token names.",
	"did/chain-missing": "Name the chain in the DID: did:orgid:<chain id>:0x….",
	"document/uri-refused":
		"Publish the document over https, or allow the scheme: --allow-http, --allow-data, --ipfs-gateway.",
	"document/address-refused":
		"The document's host has a private or other special-purpose address: publish it on the public internet, or pass --allow-private-addresses.",
	"registry/wrong-chain":
		"The RPC node is on a different chain than configured: check --rpc-url, --network and orgpass.json.",
	"config/unknown-option": "It doesn't exist: check its spelling in docs/cli.md.",
	"config/missing": "",
	"config/invalid-option": "Fix the option named in the message; the command's `--help` describes it.",
};

export function printOutcome(context: CliContext, isJson: boolean, outcome: Outcome): void {
	const { data, isExact = false, exitCode = EXIT.ok } = outcome;
	const hide = exitCode === EXIT.ok ? undefined : context.hideSecrets;
	if (isJson) {
		printJson(context, data, hide);
		return;
	}
	const text = typeof outcome.text === "string" ? outcome.text : outcome.text(context.paint ?? leavePlain);
	context.stdout(isExact ? text : `${hide?.(text) ?? text}\n`);
}

/** Prints why a command failed and returns the exit code. */
export function printFailure(context: CliContext, isJson: boolean, error: unknown): number {
	return isOrgpassError(error) ? printRefusal(context, isJson, error) : printBug(context, isJson, error);
}

/** What to do about an error; empty if its message says it. */
export function adviceOn({ code, details }: OrgpassError): string {
	return typeof details["hint"] === "string" ? details["hint"] : (FLAG_ADVICE[code] ?? ERROR_CODES[code]);
}

/** With ORGPASS_DEBUG, prints the cause of an outage. Other causes may quote a secret. */
export function printCauses(context: CliContext, { code, cause }: OrgpassError): void {
	if (!context.env["ORGPASS_DEBUG"] || !OUTAGE_CODES.has(code)) return;
	let current = cause;
	for (let i = 0; i < MAX_CAUSES && current instanceof Error; i++, current = current.cause) {
		const lines = (current.stack ?? String(current)).split("\n").map(escapeText);
		context.stderr(`caused by ${lines.join("\n")}\n`);
	}
}

/** Serializes a value as JSON in printable ASCII, which can't control a terminal; bigints become numbers. */
export function toJson(value: unknown, indent?: number, hide = (text: string): string => text): string {
	const replace = (_: string, member: unknown): unknown => {
		if (typeof member === "string") return hide(member);
		return typeof member === "bigint" ? Number(member) : member;
	};
	return JSON.stringify(value, replace, indent).split("\n").map(escapeText).join("\n");
}

function printRefusal(context: CliContext, isJson: boolean, error: OrgpassError): number {
	const { code } = error;
	const message = messageWithFlags(error);
	if (isJson) printJson(context, { code, message }, context.hideSecrets);
	const advice = adviceOn(error);
	if (!isJson || context.isCaptured) context.stderr(`orgpass: ${message} (${code})\n${advice && `${advice}\n`}`);
	printCauses(context, error);
	return exitCodeOfError(error);
}

/** Prints only the name of the error: its message may quote a secret. */
function printBug(context: CliContext, isJson: boolean, error: unknown): number {
	const name = error instanceof Error ? error.name : typeof error;
	const message = `this is a bug in orgpass (${name}); please report it with the command you ran`;
	if (isJson) printJson(context, { code: "internal/bug", message });
	if (!isJson || context.isCaptured) context.stderr(`orgpass: ${message}\n`);
	if (context.env["ORGPASS_DEBUG"] && error instanceof Error) context.stderr(`${error.stack}\n`);
	return EXIT.bug;
}

/** Prints JSON, including the settings that came from a file. */
function printJson(context: CliContext, data: object, hide?: (text: string) => string): void {
	context.stdout(`${toJson({ ...data, ...settingsReport(context) }, undefined, hide)}\n`);
}
