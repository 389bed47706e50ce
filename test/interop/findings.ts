/**
 * The results of a run, and the page they are written to.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Kind } from "../support/token-kinds.ts";
import type { Peer } from "./peers.ts";
import type { Shapes } from "./signature-shapes.ts";

/** The results of one peer. */
export interface Finding {
	readonly peer: Peer;
	readonly version: string;
	/** How many of our tokens it verified, by kind. */
	readonly read: Map<Kind, number>;
	/** How many of its tokens we verified, by kind. */
	readonly minted: Map<Kind, number>;
	/** The ECDSA signatures of both sides, by kind. */
	readonly shapes: Map<Kind, { readonly ours?: Shapes; readonly theirs?: Shapes }>;
}

const PAGE = fileURLToPath(new URL("../../docs/interop.md", import.meta.url));
const SECTIONS = { table: tableOf, shapes: shapesTableOf } as const;

/** Whether all abilities of all peers were tested, without a failure. */
export function isComplete(peers: readonly Peer[], findings: readonly Finding[]): boolean {
	return peers.every((peer) => {
		const finding = findings.find((one) => one.peer === peer);
		return Object.entries(peer.abilities).every(([name, { reads, mints }]) => {
			const profile = name as Kind;
			const isRead = reads !== true || finding?.read.has(profile) === true;
			return isRead && (mints !== true || finding?.minted.has(profile) === true);
		});
	});
}

/**
 * Writes the tables between their markers. The counts of random shapes differ in every run, so the page is written only
 * if the first table has changed.
 */
export function writePage(findings: readonly Finding[]): void {
	const old = readFileSync(PAGE, "utf8");
	if (old.includes(tableOf(findings))) return;
	let page = old;
	for (const [name, build] of Object.entries(SECTIONS)) {
		const [begin, end] = [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];
		const from = page.indexOf(begin) + begin.length;
		const to = page.indexOf(end);
		if (from < begin.length || to < from) throw new Error(`expected docs/interop.md to have the markers of ${name}`);
		page = `${page.slice(0, from)}${build(findings)}${page.slice(to)}`;
	}
	writeFileSync(PAGE, page);
}

function tableOf(findings: readonly Finding[]): string {
	const rows = findings.flatMap(({ peer, version, read, minted }) =>
		(Object.keys(peer.abilities) as Kind[]).map((profile) => [
			peer.name,
			peer.language,
			version,
			profile,
			cell(read.get(profile), peer.abilities[profile]?.reads, isLimited(peer, profile, "reads")),
			cell(minted.get(profile), peer.abilities[profile]?.mints, isLimited(peer, profile, "mints")),
		]),
	);
	return toTable(
		["peer", "language", "version", "profile", "ours, verified by the peer", "the peer's, verified by us"],
		rows,
	);
}

function shapesTableOf(findings: readonly Finding[]): string {
	const rows = findings.flatMap(({ peer, shapes }) =>
		[...shapes].map(([profile, { ours, theirs }]) => [
			peer.name,
			profile,
			...[ours, theirs].flatMap((side) =>
				side === undefined ? ["-", "-", "-"] : [side.tokens, side.highS, side.short].map(String),
			),
		]),
	);
	const sides = ["ours", "the peer's"].flatMap((side) => [side, "high S", "short r or s"]);
	return toTable(["peer", "profile", ...sides], rows);
}

/** Only the issuers of apps may be numbers. */
function isLimited(peer: Peer, profile: Kind, direction: "reads" | "mints"): boolean {
	return profile.endsWith("-app") && peer.refusesNumericIssuer?.includes(direction) === true;
}

function cell(count: number | undefined, ability: true | string | undefined, isTextOnly: boolean): string {
	if (count === undefined) return `- (${ability})`;
	return `pass, ${count}${isTextOnly ? " (refuses a numeric `iss`)" : ""}`;
}

function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
	const lines = [heads, heads.map(() => "---"), ...rows];
	return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}
