/** @module */
import type { JSX } from "preact";
import { formatLocalTime, TIMES } from "../time.ts";
import { makeVisible } from "../token-parts.ts";

/** Longer text is cut: a token may contain kilobytes of it. */
const MAX_TEXT = 300;

interface FactsProps {
	readonly facts: Readonly<Record<string, unknown>>;
	readonly now: number;
}

/** Names and values, which may be text of a token or an organization. */
export function Facts({ facts, now }: FactsProps): JSX.Element | null {
	const entries = Object.entries(facts);
	if (entries.length === 0) return null;
	return (
		<dl class="facts">
			{entries.map(([name, value]) => (
				<div key={name}>
					<dt>{makeVisible(name)}</dt>
					<dd>{formatFact(name, value, now)}</dd>
				</div>
			))}
		</dl>
	);
}

function formatFact(name: string, value: unknown, now: number): string {
	if (TIMES.has(name) && typeof value === "number") return formatLocalTime(value, now);
	const text = typeof value === "string" ? value : (toJson(value) ?? String(value));
	return makeVisible(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

function toJson(value: unknown): string | undefined {
	return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? Number(member) : member));
}
