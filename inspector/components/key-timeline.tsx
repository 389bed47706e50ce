/** @module */
import type { JSX } from "preact";
import type { KeyPeriod } from "../timeline/key-periods.ts";
import { createTimeScale, type TimeScale } from "../timeline/time-scale.ts";
import { makeVisible, type TokenPeriod } from "../token-parts.ts";

const AXIS_HEIGHT = 22;
const ROW_HEIGHT = 38;
const BAR_HEIGHT = 6;
/** From the top of a row. */
const TEXT_Y = 14;
const BAR_Y = 21;
const MAX_NAME = 24;
/** So that the shortest period can be seen, in percent. */
const MIN_WIDTH = 0.75;

/** When a token is valid, and the DID URL of the key that it names. */
export interface TokenOfKey extends TokenPeriod {
	readonly signer: string;
}

interface KeyTimelineProps {
	readonly periods: readonly KeyPeriod[];
	readonly token: TokenOfKey | undefined;
	readonly now: number;
}

/** When the keys and the token are valid, as a picture. The list of keys says the same in words. */
export function KeyTimeline({ periods, token, now }: KeyTimelineProps): JSX.Element {
	const times = periods.flatMap(({ addedAt, from, until, revokedAt }) => [addedAt, from, until, revokedAt]);
	const scale = createTimeScale(
		[...times, token?.from, token?.until].filter((time) => time !== undefined),
		now,
	);
	const hasToken = token?.from !== undefined || token?.until !== undefined;
	const top = hasToken ? AXIS_HEIGHT + ROW_HEIGHT : AXIS_HEIGHT;
	const height = top + periods.length * ROW_HEIGHT;
	return (
		<svg class="timeline" width="100%" height={height} role="img" aria-label={describe(periods, hasToken)}>
			<Axis scale={scale} height={height} now={now} />
			{hasToken && (
				<g class="token">
					<Bar scale={scale} y={AXIS_HEIGHT + BAR_Y} {...token} />
					<rect class="band" {...spanOf(scale, token)} y={AXIS_HEIGHT + BAR_Y} height={height - AXIS_HEIGHT - BAR_Y} />
					<text x="0" y={AXIS_HEIGHT + TEXT_Y}>
						this token
					</text>
				</g>
			)}
			{periods.map((period, row) => (
				<Row
					key={period.fragment}
					{...{ period, scale }}
					y={top + row * ROW_HEIGHT}
					isSigner={token?.signer.endsWith(`#${period.fragment}`) === true}
				/>
			))}
		</svg>
	);
}

function Axis({
	scale,
	height,
	now,
}: {
	readonly scale: TimeScale;
	readonly height: number;
	readonly now: number;
}): JSX.Element {
	return (
		<g class="axis">
			{scale.ticks.map(({ time, label }) => {
				const x = `${scale.place(time)}%`;
				return (
					<g key={label} class={time === now ? "now" : undefined}>
						<line x1={x} x2={x} y1={AXIS_HEIGHT - 6} y2={height} />
						<text x={x} y={AXIS_HEIGHT - 10} text-anchor="middle">
							{label}
						</text>
					</g>
				);
			})}
		</g>
	);
}

interface RowProps {
	readonly period: KeyPeriod;
	readonly scale: TimeScale;
	readonly y: number;
	readonly isSigner: boolean;
}

function Row({ period, scale, y, isSigner }: RowProps): JSX.Element {
	const { fragment, state, addedAt, from, until, revokedAt } = period;
	const bar = y + BAR_Y;
	return (
		<g class={state}>
			{addedAt !== undefined && from !== undefined && addedAt < from && (
				<rect
					class="waiting"
					{...spanOf(scale, { from: addedAt, until: from })}
					y={bar + BAR_HEIGHT / 2 - 1}
					height={2}
				/>
			)}
			<Bar {...{ scale, from, until }} y={bar} />
			{revokedAt !== undefined && (
				<svg x={`${scale.place(revokedAt)}%`} y={bar + BAR_HEIGHT / 2} overflow="visible" aria-hidden="true">
					<path class="cross" d="M-5-5 5 5M-5 5 5-5" />
				</svg>
			)}
			<text x="0" y={y + TEXT_Y}>
				<tspan class="name">#{makeVisible(shorten(fragment))}</tspan> {toWords(state)}
				{isSigner && ", the token's key"}
			</text>
		</g>
	);
}

/** A period without a beginning or an end goes to the edge. */
interface BarProps extends TokenPeriod {
	readonly scale: TimeScale;
	readonly y: number;
}

function Bar({ scale, y, from, until }: BarProps): JSX.Element {
	return (
		<>
			<rect class="bar" {...spanOf(scale, { from, until })} y={y} height={BAR_HEIGHT} rx="2" />
			{until === undefined && (
				<svg x="100%" y={y + BAR_HEIGHT / 2} overflow="visible" aria-hidden="true">
					<path class="open" d="M-9-6-2 0-9 6" />
				</svg>
			)}
		</>
	);
}

function spanOf({ place }: TimeScale, { from, until }: TokenPeriod): { readonly x: string; readonly width: string } {
	const start = from === undefined ? 0 : place(from);
	const end = until === undefined ? 100 : place(until);
	return { x: `${start}%`, width: `${Math.max(end - start, MIN_WIDTH)}%` };
}

function shorten(name: string): string {
	return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
}

function describe(periods: readonly KeyPeriod[], hasToken: boolean): string {
	const keys = periods.map(({ fragment, state }) => `${makeVisible(fragment)} ${toWords(state)}`).join(", ");
	return `Timeline of the keys${hasToken ? " and the token" : ""}: ${keys}. The list has their times.`;
}

function toWords(state: KeyPeriod["state"]): string {
	return state.replaceAll("-", " ");
}
