/**
 * A process that sends tokens to the instances of the server as fast as they respond, and judges the responses.
 * @module
 */
import { Pool } from "undici";
import { now } from "./clock.ts";
import { type Answer, createOracle, type FaultWindow, type Sent, type Verdict } from "./oracle.ts";
import type { Identity } from "./organizations.ts";
import { FORGERY_NAMES, forge, signed, type TokenContext, twinOf } from "./tokens.ts";

/** What the process is started with. */
export interface LoadSetup {
	readonly urls: readonly string[];
	readonly audience: string;
	/** A private key as PEM that no organization has. */
	readonly attackerKey: string;
}

/** What is true, whenever it changes. The process responds with `noted`. */
export interface Facts {
	/** Keys that are valid. */
	readonly current: readonly Identity[];
	/** Keys that were revoked. */
	readonly gone: readonly Identity[];
	readonly windows: readonly FaultWindow[];
}

/** What the process is told. */
export type LoadCommand = { readonly facts: Facts } | { readonly stop: true };

/** What the process says: that it knows the facts, or what it has seen, the last time when it ends. */
export type LoadMessage = "noted" | Verdict;

type Sort = "revoked" | "replayed" | "twin" | "twice" | "forged";

const AT_ONCE = 32;
/** Accepted tokens that may be sent again. */
const MAX_USED = 2_000;
/** How much of the load is of each sort; the rest are good tokens. */
const SHARES: Readonly<Record<Sort, number>> = { revoked: 0.1, replayed: 0.06, twin: 0.04, twice: 0.04, forged: 0.15 };
/** How often the parent is told the verdict. */
const REPORT_MS = 2_000;

/** A token and what is true about it. */
interface Made {
	readonly token: string;
	readonly kind: string;
	readonly context: TokenContext;
}

const { urls, audience, attackerKey } = JSON.parse(process.argv[2] as string) as LoadSetup;
const pools = urls.map((url) => new Pool(url, { connections: AT_ONCE }));
const used: Made[] = [];
const windows: FaultWindow[] = [];
const oracle = createOracle(windows);
const identities = new Map<string, Identity>();
let current: readonly Identity[] = [];
let gone: readonly Identity[] = [];
let isStopped = false;
const isInformed = new Promise<void>((resolve) => {
	process.on("message", (command: LoadCommand) => {
		if ("stop" in command) {
			isStopped = true;
			return;
		}
		note(command.facts);
		tell("noted");
		resolve();
	});
});
// The parent decides when this ends, also after Ctrl-C.
process.on("SIGINT", () => {});
process.once("disconnect", () => process.exit());
setInterval(() => tell(oracle.verdict()), REPORT_MS).unref();
await isInformed;
await Promise.all(Array.from({ length: AT_ONCE }, work));
tell(oracle.verdict());
process.disconnect();

function tell(message: LoadMessage): void {
	process.send?.(message);
}

/** Tokens under way have to be judged by what has become true meanwhile. */
function note(facts: Facts): void {
	const update = (all: readonly Identity[]): readonly Identity[] =>
		all.map((identity) => {
			const known = Object.assign(identities.get(identity.key) ?? identity, identity);
			identities.set(identity.key, known);
			return known;
		});
	current = update(facts.current);
	gone = update(facts.gone);
	windows.splice(0, windows.length, ...facts.windows);
}

async function work(): Promise<void> {
	while (!isStopped) await sendOne(chooseSort());
}

async function sendOne(sort: Sort | "good"): Promise<void> {
	if (sort === "revoked") return present(make(sort, pick(gone)));
	if (sort === "replayed") return presentAgain((token) => token);
	if (sort === "twin") return presentAgain(twinOf);
	const made = make("good", pick(current));
	if (sort === "twice") return presentTwice(made);
	if (sort === "good") return present(made);
	const name = pick(FORGERY_NAMES);
	if (made !== undefined && name !== undefined)
		await present({ ...made, kind: name, token: forge(name, made.context) });
}

function make(kind: string, identity: Identity | undefined): Made | undefined {
	const others = current.filter(({ orgId }) => orgId !== identity?.orgId);
	const [chainId, other] = [pick(identity?.chainIds ?? []), pick(others)];
	if (identity === undefined || chainId === undefined || other === undefined) return undefined;
	const context = { identity, chainId, audience, attackerKey, otherKey: other.key };
	return { token: signed(context), kind, context };
}

async function present(made: Made | undefined): Promise<void> {
	if (made === undefined) return;
	const { sent, answer } = await send(made);
	oracle.judge(sent, answer);
	if (answer.status < 300 && made.kind === "good") remember(made);
}

function presentAgain(change: (token: string) => string): Promise<void> {
	const made = pick(used);
	return present(made && { ...made, kind: "replayed", token: change(made.token) });
}

/** At the same time: one of the two has to be accepted, the other one is a replay. */
async function presentTwice(made: Made | undefined): Promise<void> {
	if (made === undefined) return;
	const both = await Promise.all([send(made), send(made)]);
	const rank = ({ answer }: (typeof both)[number]): number => (answer.status < 300 ? 0 : answer.status === 401 ? 2 : 1);
	const [first, second] = both.sort((a, b) => rank(a) - rank(b)) as [(typeof both)[0], (typeof both)[0]];
	oracle.judge(first.sent, first.answer);
	oracle.judge({ ...second.sent, kind: "replayed" }, second.answer);
	if (first.answer.status < 300) remember(made);
}

async function send({ token, kind, context }: Made): Promise<{ readonly sent: Sent; readonly answer: Answer }> {
	const { identity, chainId } = context;
	const sent = { kind, identity, chainId, sentAt: now() };
	const headers = { authorization: `Bearer ${token}` };
	const isRead = Math.random() < 0.5;
	const [method, path] = isRead ? (["GET", "/api/me"] as const) : (["POST", "/api/bookings"] as const);
	const { status, code } = await request(method, path, headers).catch((error) => ({ status: 0, code: error.code }));
	return { sent, answer: { status, code, receivedAt: now() } };
}

async function request(method: "GET" | "POST", path: string, headers: { readonly authorization: string }) {
	const { statusCode: status, body } = await (pick(pools) as Pool).request({ method, path, headers });
	const text = await body.text();
	const { code = "" } = status < 300 ? {} : (JSON.parse(text) as { readonly code?: string });
	return { status, code };
}

function remember(made: Made): void {
	if (used.length < MAX_USED) used.push(made);
	else used[Math.floor(Math.random() * MAX_USED)] = made;
}

function chooseSort(): Sort | "good" {
	let rest = Math.random();
	for (const [sort, share] of Object.entries(SHARES)) {
		rest -= share;
		if (rest < 0) return sort as Sort;
	}
	return "good";
}

function pick<T>(items: readonly T[]): T | undefined {
	return items[Math.floor(Math.random() * items.length)];
}
