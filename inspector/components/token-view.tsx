/** @module */
import type { JSX } from "preact";
import { formatLocalTime } from "../time.ts";
import { readPart, showEncoded, showPart, splitToken } from "../token-parts.ts";

const TIMES = { iat: "issued", nbf: "valid from", exp: "expires" } as const;

interface TokenViewProps {
	readonly token: string;
	readonly now: number;
}

/** The token in three colours, and what its parts contain. */
export function TokenView({ token, now }: TokenViewProps): JSX.Element {
	const { header, claims, signature } = splitToken(token);
	return (
		<section class="parts" aria-labelledby="parts-title">
			<h2 id="parts-title">The token</h2>
			<p class="compact">
				<span class="header">{showEncoded(header)}</span>.<span class="claims">{showEncoded(claims)}</span>.
				<span class="signature">{showEncoded(signature)}</span>
			</p>
			<Part name="header" title="Header" text={showPart(header)} />
			<Part name="claims" title="Claims" text={showPart(claims)} />
			<Times claims={readPart(claims)} now={now} />
			<Part name="signature" title="Signature" text={showEncoded(signature) || "There is none."} />
		</section>
	);
}

function Part({
	name,
	title,
	text,
}: {
	readonly name: string;
	readonly title: string;
	readonly text: string;
}): JSX.Element {
	return (
		<div class={`part ${name}`}>
			<h3>{title}</h3>
			<pre>{text}</pre>
		</div>
	);
}

function Times({
	claims,
	now,
}: {
	readonly claims: Readonly<Record<string, unknown>>;
	readonly now: number;
}): JSX.Element {
	const times = Object.entries(TIMES).flatMap(([name, words]) => {
		const value = claims[name];
		return typeof value === "number" ? [[words, formatLocalTime(value, now)] as const] : [];
	});
	return (
		<ul class="times">
			{times.map(([words, time]) => (
				<li key={words}>
					{words} <strong>{time}</strong>
				</li>
			))}
		</ul>
	);
}
