/**
 * Formats an explanation for a terminal: why a token is refused, what to do about it, and each step.
 * @module
 */
import type { ExplainedStep, Explanation, StepSource } from "../../../auth/explain/explanation.js";
import { escapeText, formatValue, isOrgpassError } from "../../../errors/errors.js";
import { advisedMessage } from "../../advised-message.js";
import type { Meaning, Paint } from "../../context.js";
import { formatRecord } from "../../format-record.js";
import { adviceOn, toJson } from "../../outcome.js";
import { formatLocalTime } from "../../time.js";

/** The facts that are times, in seconds since the epoch. */
const TIMES: ReadonlySet<string> = new Set([
	"iat",
	"nbf",
	"exp",
	"validFrom",
	"validUntil",
	"addedAt",
	"blockTimestamp",
]);

const MARKS: Readonly<Record<ExplainedStep["outcome"], readonly [Meaning, string]>> = {
	passed: ["good", "ok     "],
	denied: ["bad", "REFUSED"],
	failed: ["caution", "FAILED "],
	skipped: ["aside", "-      "],
};

const SOURCES: Readonly<Record<StepSource, string>> = {
	cache: "from the cache",
	node: "from the node",
	document: "from the document's host",
};

const INDENT = "        ";
/** Longer text is cut: a token may contain kilobytes of it. */
const MAX_JSON = 200;

export function formatExplanation(explanation: Explanation, now: number, paint: Paint): string {
	const { steps, organization } = explanation;
	const format = (isAfterRefusal: boolean): string =>
		steps
			.filter((step) => step.isAfterRefusal === isAfterRefusal)
			.flatMap((step) => formatStep(step, now, paint))
			.join("\n");
	const after = format(true);
	return [
		formatVerdict(explanation, paint),
		format(false),
		...(after === "" ? [] : [`${paint("aside", "A verification ends here. What else can be judged:")}\n${after}`]),
		...(organization === undefined ? [] : [formatRecord(organization)]),
	].join("\n\n");
}

function formatVerdict({ outcome, step, error }: Explanation, paint: Paint): string {
	if (outcome === "accepted" || error === undefined) return `${paint("good", "valid:")} every step passed`;
	const [meaning] = MARKS[outcome];
	const verb = paint(meaning, outcome === "denied" ? "refused" : "failed");
	const verdict = `${verb} at the step ${paint("title", String(step))}:`;
	if (!isOrgpassError(error)) return `${verdict} this is a bug (${escapeText(error.name)})`;
	return `${verdict} ${describe(error, paint)}\n${adviceOn(error)}`;
}

function formatStep(step: ExplainedStep, now: number, paint: Paint): readonly string[] {
	const { name, outcome, error, facts, source, durationMs = 0 } = step;
	const [meaning, mark] = MARKS[outcome];
	const notes = [
		...(source === undefined ? [] : [SOURCES[source]]),
		...(durationMs < 1 ? [] : [`${Math.round(durationMs)} ms`]),
	];
	const note = notes.length === 0 ? "" : ` ${paint("aside", `(${notes.join(", ")})`)}`;
	return [
		`${paint(meaning, mark)} ${paint("title", name)}${note}`,
		...(error === undefined ? [] : [`${INDENT}${describe(error, paint)}`]),
		...Object.entries(facts).map(
			([fact, value]) => `${INDENT}${paint("aside", fact.padEnd(14))} ${formatFact(fact, value, now)}`,
		),
	];
}

function describe(error: Error, paint: Paint): string {
	if (!isOrgpassError(error)) return `a bug (${escapeText(error.name)})`;
	return `${advisedMessage(error)} ${paint("aside", `(${error.code})`)}`;
}

/** Facts may be text of the token or of an organization, which must not control the terminal. */
function formatFact(fact: string, value: unknown, now: number): string {
	if (TIMES.has(fact) && typeof value === "number") return formatLocalTime(value, now);
	if (typeof value === "string")
		return formatValue(value).slice(1, value === "" ? undefined : -1) || formatValue(value);
	if (typeof value !== "object" || value === null) return formatValue(value);
	const json = toJson(value);
	return json.length > MAX_JSON ? `${json.slice(0, MAX_JSON)}…` : json;
}
