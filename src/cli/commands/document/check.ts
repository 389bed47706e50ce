/**
 * `orgpass document check`: what the readers of an organization's document will think of it, check by check.
 * @module
 */
import type { Command } from "commander";
import { type DocumentCheckName, inspectDocument } from "../../../document/check-document.js";
import { type ErrorCode, OUTAGE_CODES } from "../../../errors/codes.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { escapeText, formatValue } from "../../../errors/format-value.js";
import type { OrgRecord } from "../../../registry/org-record.js";
import { addCommand, type CommandHost, type CommonFlags, type Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import { readDocumentBytes } from "../../document-file.js";
import { EXIT } from "../../exit-code.js";
import { parseTypedDid, readOrganization, withRegistry } from "../../organization.js";
import { createDocumentJudge, type DocumentJudge } from "../../published-document.js";
import { DOCUMENT_FETCH_FLAGS, type DocumentFetchFlags } from "../../settings/document-fetching.js";
import { readNow } from "../../time.js";

interface CheckFlags extends CommonFlags, DocumentFetchFlags {
	readonly did: string;
	readonly now?: string;
}

/** One check of a document; `fetch` comes before those of its content. */
interface Check {
	readonly name: DocumentCheckName | "fetch" | "state";
	readonly ok: boolean;
	readonly code?: ErrorCode;
	readonly message?: string;
	readonly detail?: string;
}

/** What was found at one address. */
interface Verdict {
	readonly source: string;
	readonly ok: boolean;
	readonly checks: readonly Check[];
}

const URI = /^[a-z][a-z0-9+.-]+:/i;

/** Adds `document check`. */
export function addCheckCommand(document: Command, host: CommandHost): void {
	addCommand<CheckFlags>(document, host, {
		usage: "check [source]",
		description: "hold a document to the registry's record: a URL, a file, -, or every registered address",
		flags: [
			["!--did <did>", "the organization"],
			...DOCUMENT_FETCH_FLAGS,
			["--now <time>", "seconds or ISO 8601, instead of the clock"],
		],
		example: "orgpass document check --did did:orgid:100:0x… --network gnosis",
		run: ({ context, options, operands: [source] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const now = readNow(options.now);
				const record = await readOrganization(registry, parseTypedDid(options.did, chain.chainId));
				const judge = createDocumentJudge(registry, chain, record, options, now);
				try {
					const sources = source === undefined ? (record.document?.uris ?? []) : [source];
					const verdicts: Verdict[] = [];
					for (const one of sources) verdicts.push(await examine(context, one, judge, source !== undefined));
					return toOutcome(record, verdicts);
				} finally {
					judge.close();
				}
			}),
	});
}

/** What stands on chain is an address, whatever it looks like; what is typed may be a file. */
async function examine(
	context: CliContext,
	source: string,
	judge: DocumentJudge,
	isTyped: boolean,
): Promise<Verdict> {
	const isFile = isTyped && !URI.test(source);
	let bytes: Uint8Array;
	try {
		bytes = isFile ? await readDocumentBytes(context, source) : await judge.fetchDocument(source);
	} catch (error) {
		if (isFile || !isOrgpassError(error)) throw error;
		const { code, message } = error;
		return { source, ok: false, checks: [{ name: "fetch", ok: false, code, message }] };
	}
	const { ok, checks, orgJson } = await inspectDocument(bytes, judge.context);
	const fetched: Check = { name: "fetch", ok: true, detail: `${bytes.length} bytes` };
	const state: readonly Check[] =
		orgJson?.deactivated === true
			? [{ name: "state", ok: true, detail: "the document says that the organization is deactivated" }]
			: [];
	return { source, ok, checks: [...(isFile ? [] : [fetched]), ...checks, ...state] };
}

/** The first address that fails speaks for all; an outage only where nothing is refused. */
function toOutcome({ did, document }: OrgRecord, verdicts: readonly Verdict[]): Outcome {
	const [first] = verdicts;
	if (first === undefined) {
		const message =
			document === undefined
				? "the organization has registered no document"
				: "the registry gives no address of the document";
		const data = { ok: false, code: "document/uri-refused", message, checks: [], did };
		return { data, text: `${did}\n${message}`, exitCode: EXIT.refused };
	}
	const failures = verdicts.flatMap((verdict) =>
		verdict.checks.filter(({ ok }) => !ok).map((check) => ({ verdict, check })),
	);
	const failure = failures.find(({ check }) => !isOutage(check)) ?? failures[0];
	const { source, checks } = failure?.verdict ?? first;
	const { code, message } = failure?.check ?? {};
	const data = {
		ok: failure === undefined,
		...(failure === undefined ? {} : { code, message }),
		...{ checks, did, source },
		...(verdicts.length > 1 ? { sources: verdicts } : {}),
	};
	const text = [did, ...verdicts.map(describeVerdict)].join("\n");
	if (failure === undefined) return { data, text };
	return { data, text, exitCode: isOutage(failure.check) ? EXIT.unreachable : EXIT.refused };
}

function isOutage({ code }: Check): boolean {
	return code !== undefined && OUTAGE_CODES.has(code);
}

function describeVerdict({ source, checks }: Verdict): string {
	const lines = checks.map(({ name, ok, code, message, detail }) => {
		const what = ok ? (detail ?? "") : `${message} (${code})`;
		return `${ok ? "ok  " : "FAIL"}  ${name.padEnd(10)} ${escapeText(what)}`.trimEnd();
	});
	return [formatValue(source), ...lines].join("\n");
}
