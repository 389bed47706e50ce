/**
 * Judges each decision of the server by the chain's state and by what has failed.
 * @module
 */
import type { Identity } from "./organizations.ts";

/** How long a revoked key may be accepted. */
const REVOCATION_BOUND_MS = 2_500;
const MAX_EXAMPLES = 20;

/** What a fault can affect: organizations of a chain, those with documents, or every token. */
export type Target = number | "documents" | "replay";

/** When something failed, and what may have been affected. Times are those of `now`. */
export interface FaultWindow {
	readonly name: string;
	readonly targets: ReadonlySet<Target>;
	/** Whether nodes may say that a new key doesn't exist. */
	readonly hidesNewKeys: boolean;
	readonly from: number;
	/** When everything has to work again. */
	until: number;
}

/** A token that was sent. */
export interface Sent {
	/** `good`, `revoked`, or what is wrong with it. */
	readonly kind: string;
	readonly identity: Identity;
	readonly chainId: number;
	readonly sentAt: number;
}

/** What the server responded. */
export interface Answer {
	readonly status: number;
	readonly code: string;
	readonly receivedAt: number;
}

/** The decisions so far. */
export interface Verdict {
	readonly requests: number;
	/** By kind of token and decision. */
	readonly decisions: Readonly<Record<string, number>>;
	readonly wrong: number;
	/** The first wrong decisions. */
	readonly examples: readonly string[];
	/** For how long a revoked key was accepted at most, in milliseconds, while nothing had failed. */
	readonly latestAcceptanceMs: number;
	/** The good token that took longest while nothing had failed. */
	readonly slowest: string;
}

/** Judges decisions. */
export interface Oracle {
	judge(sent: Sent, answer: Answer): void;
	verdict(): Verdict;
}

export function createOracle(windows: readonly FaultWindow[]): Oracle {
	const decisions = new Map<string, number>();
	const examples: string[] = [];
	let requests = 0;
	let wrong = 0;
	let latestAcceptanceMs = 0;
	let slowest = { ms: 0, description: "" };
	return {
		judge,
		verdict: () => ({
			...{ requests, wrong, examples, latestAcceptanceMs, slowest: slowest.description },
			decisions: Object.fromEntries([...decisions].toSorted()),
		}),
	};

	function judge(sent: Sent, answer: Answer): void {
		requests += 1;
		const decision = isAccepted(answer) ? "accepted" : `${answer.status} ${answer.code}`.trim();
		const name = `${sent.kind}: ${decision}`;
		decisions.set(name, (decisions.get(name) ?? 0) + 1);
		const ms = answer.receivedAt - sent.sentAt;
		if (ms > slowest.ms && isValid(sent, answer) && !isExcused(sent, answer)) {
			slowest = { ms, description: describe(sent, answer, name) };
		}
		const objection = findObjection(sent, answer);
		if (objection === undefined) return;
		wrong += 1;
		if (examples.length < MAX_EXAMPLES) examples.push(describe(sent, answer, `${name}, ${objection}`));
	}

	function findObjection(sent: Sent, answer: Answer): string | undefined {
		if (answer.status === 503) return isValid(sent, answer) && !isExcused(sent, answer) ? "nothing failed" : undefined;
		if (answer.status === 401) return isValid(sent, answer) && !isHidden(sent, answer) ? "valid" : undefined;
		if (!isAccepted(answer)) return "neither accepted nor refused";
		if (sent.kind !== "good" && sent.kind !== "revoked") return "must never be accepted";
		const lateMs = sent.sentAt - sent.identity.goneAt;
		const allowedMs = allowedLatenessMs(sent);
		if (allowedMs === REVOCATION_BOUND_MS) latestAcceptanceMs = Math.max(latestAcceptanceMs, lateMs);
		return lateMs > allowedMs
			? `${lateMs.toFixed(0)} ms after the revocation, ${allowedMs.toFixed(0)} allowed`
			: undefined;
	}

	/** After a fault, the time counts from the recovery. */
	function allowedLatenessMs({ identity, chainId }: Sent): number {
		let until = identity.goneAt + REVOCATION_BOUND_MS;
		for (const window of windows) {
			if (isAffected(window, chainId) && window.from <= until && window.until >= identity.goneAt) {
				until = Math.max(until, window.until + REVOCATION_BOUND_MS);
			}
		}
		return until - identity.goneAt;
	}

	function isExcused({ chainId, sentAt }: Sent, { receivedAt }: Answer): boolean {
		return windows.some((window) => {
			const isOpen = window.from <= receivedAt && window.until >= sentAt;
			return isOpen && (window.targets.has("replay") || isAffected(window, chainId));
		});
	}

	/** A node that is behind doesn't know keys that were added since, or a little before. */
	function isHidden({ identity, chainId, sentAt }: Sent, { code, receivedAt }: Answer): boolean {
		if (code !== "did/key-not-found") return false;
		return windows.some(
			(window) =>
				window.hidesNewKeys &&
				isAffected(window, chainId) &&
				window.from <= receivedAt &&
				window.until >= sentAt &&
				identity.validFrom >= window.from - REVOCATION_BOUND_MS,
		);
	}

	function describe({ identity, chainId, sentAt }: Sent, { receivedAt }: Answer, what: string): string {
		const open = windows.filter(({ from, until }) => from <= receivedAt && until >= sentAt).map(({ name }) => name);
		const age = `${(sentAt - identity.validFrom).toFixed(0)} ms old, took ${(receivedAt - sentAt).toFixed(0)} ms`;
		return `${new Date(sentAt).toISOString()}: ${what} (chain ${chainId}, key ${age}${open.map((name) => `, during: ${name}`).join("")})`;
	}
}

function isAffected({ targets }: FaultWindow, chainId: number): boolean {
	return targets.has(chainId);
}

function isAccepted({ status }: Answer): boolean {
	return status >= 200 && status < 300;
}

function isValid({ kind, identity, sentAt }: Sent, { receivedAt }: Answer): boolean {
	return kind === "good" && identity.validFrom <= sentAt && receivedAt <= identity.validTo;
}
