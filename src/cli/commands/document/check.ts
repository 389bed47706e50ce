/**
 * `orgpass document check`: checks an organization's document as verifiers do, and shows every check.
 * @module
 */
import type { Command } from "commander";
import type { CheckResult, DocumentCheckName } from "../../../document/document-checks.js";
import { type DocumentCheck, runChecks, toCheck } from "../../../document/inspect-document.js";
import { escapeText, formatValue, isOrgpassError } from "../../../errors/errors.js";
import { OUTAGE_CODES } from "../../../errors/outage-codes.js";
import type { OrgRecord } from "../../../registry/org-record.js";
import { advisedMessage } from "../../advised-message.js";
import { formatVerdict } from "../../colors.js";
import { addCommand, type CommandHost, type CommonFlags } from "../../command.js";
import type { CliContext, Paint } from "../../context.js";
import { readDocumentBytes } from "../../document-file.js";
import { EXIT } from "../../exit-code.js";
import { required } from "../../options.js";
import { readOrganization, withRegistry } from "../../organization.js";
import type { Outcome } from "../../outcome.js";
import { type PublishedDocuments, withPublishedDocuments } from "../../published-document.js";
import { DOCUMENT_FETCH_OPTIONS, type DocumentFetchFlags } from "../../settings/document-fetching.js";
import { NOW_OPTION, nowSeconds } from "../../time.js";
import { parseTypedDid } from "../../typed-did.js";

interface CheckFlags extends CommonFlags, DocumentFetchFlags {
	readonly did: string;
	readonly now?: number;
}

interface Check extends Omit<DocumentCheck, "name"> {
	readonly name: DocumentCheckName | "fetch" | "state";
}

interface Verdict {
	readonly source: string;
	readonly ok: boolean;
	readonly checks: readonly Check[];
}

const URI = /^[a-z][a-z0-9+.-]+:/i;

export function addCheckCommand(document: Command, host: CommandHost): void {
	addCommand<CheckFlags>(document, host, {
		usage: "check [source]",
		description:
			"check a document against the registry: a URL, a file or - for standard input; default: every registered address",
		options: [required("--did <did>", "the organization"), ...DOCUMENT_FETCH_OPTIONS, NOW_OPTION],
		examples: ["orgpass document check --did did:orgid:100:0x… --network gnosis"],
		run: ({ context, options, operands: [source] }) =>
			withRegistry(context, options, async (registry, chain) => {
				const record = await readOrganization(registry, parseTypedDid(options.did, chain.chainId));
				const organization = { context, registry, chain, record };
				return withPublishedDocuments(organization, options, nowSeconds(options.now), async (documents) => {
					const sources = source === undefined ? (record.document?.uris ?? []) : [source];
					const verdicts: Verdict[] = [];
					for (const uri of sources) {
						verdicts.push(await checkSource(context, uri, documents, source !== undefined));
					}
					return toOutcome(record, verdicts);
				});
			}),
	});
}

/** A source from the chain is always an address; a typed one may be a file. */
async function checkSource(
	context: CliContext,
	source: string,
	{ fetchDocument, documentContext }: PublishedDocuments,
	isTyped: boolean,
): Promise<Verdict> {
	const isFile = isTyped && !URI.test(source);
	let bytes: Uint8Array;
	try {
		bytes = isFile ? await readDocumentBytes(context, source) : await fetchDocument(source);
	} catch (error) {
		if (isFile || !isOrgpassError(error)) throw error;
		const { code, message } = error;
		return { source, ok: false, checks: [{ name: "fetch", ok: false, code, message }] };
	}
	const { results, document } = await runChecks(bytes, documentContext, "document check");
	const ok = results.every(({ error }) => error === undefined);
	const checks = results.map(toCheckWithAdvice);
	const fetched: Check = { name: "fetch", ok: true, detail: `${bytes.length} bytes` };
	const state: readonly Check[] =
		ok && document?.orgJson.deactivated === true
			? [{ name: "state", ok: true, detail: "the document says that the organization is deactivated" }]
			: [];
	return { source, ok, checks: [...(isFile ? [] : [fetched]), ...checks, ...state] };
}

function toCheckWithAdvice(result: CheckResult): DocumentCheck {
	return { ...toCheck(result), ...(result.error && { message: advisedMessage(result.error) }) };
}

/** The first failed check determines the result; outages only if nothing was refused. */
function toOutcome({ did, document }: OrgRecord, verdicts: readonly Verdict[]): Outcome {
	const [first] = verdicts;
	if (first === undefined) {
		const message =
			document === undefined
				? "the organization has no registered document"
				: "the registry has no address for the document";
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
	const text = (paint: Paint): string => [did, ...verdicts.map((verdict) => formatChecks(verdict, paint))].join("\n");
	if (failure === undefined) return { data, text };
	return { data, text, exitCode: isOutage(failure.check) ? EXIT.unreachable : EXIT.refused };
}

function isOutage({ code }: Check): boolean {
	return code !== undefined && OUTAGE_CODES.has(code);
}

function formatChecks({ source, checks }: Verdict, paint: Paint): string {
	const lines = checks.map(({ name, ok, code, message, detail }) => {
		const what = ok ? (detail ?? "") : `${message} (${code})`;
		return `${formatVerdict(paint, ok)}  ${name.padEnd(10)} ${escapeText(what)}`.trimEnd();
	});
	return [formatValue(source), ...lines].join("\n");
}
