/**
 * Servers with and without a guard, on every adapter. Each is a process of its own, and so is what sends the requests.
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import type { Load, Pools } from "../http-load.ts";
import type { Guard, ServerSetup } from "../http-server.ts";
import { ADAPTERS, PEER_GUARDS, type RsIssuer } from "../suite/http-servers.ts";
import { installedVersion } from "../suite/installed-version.ts";
import { type MeasuredProcess, startProcess } from "../suite/measured-process.ts";
import { mintTokens } from "../suite/organizations.ts";
import { type Goal, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

/** One of the servers that take turns, and what its row is called. */
interface Contender {
	readonly name: string;
	readonly isOurs: boolean;
	/** The tokens that it always gets. */
	readonly ownPool?: string;
	readonly port: number;
	readonly process: MeasuredProcess;
}

interface Turns {
	readonly loader: MeasuredProcess;
	readonly rounds: number;
	/** The requests of one turn. */
	readonly count: number;
}

const ROUNDS = 9;
/** Until V8 has optimized the servers. */
const UNCOUNTED_ROUNDS = 3;
/** Five times as many as a verifier remembers here: fresh tokens are new to it again in the next round. */
const COUNT = 5_000;
const RS256 = { issuer: "https://issuer.example/", audience: "https://hotel.example/" };

/** Measures requests per second of the server's CPU time: with one token again and again, and with fresh tokens. */
export async function measureHttp({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 20] : [ROUNDS, COUNT];
	const [first, ...fresh] = (await mintTokens(1 + count, 1)) as [string, ...string[]];
	const { token: rsToken, ...rsIssuer } = await createRsIssuer();
	const loader = startProcess("http-load.ts");
	await loader.ask({ pools: { repeated: [first], fresh, rs256: [rsToken] } satisfies Pools });
	const peers = await startPeers(rsIssuer);
	const open = await startAdapters({ kind: "none" });
	const guarded = await startAdapters({ kind: "orgpass", token: first });
	const limits = await startAdapters({ kind: "secp256k1", tokens: fresh });
	const turns: Turns = { loader, rounds, count };
	const repeatedRows = await takeTurns([...alternate(open, guarded), ...peers], "repeated", turns);
	const freshRows = await takeTurns([...alternate(limits, guarded), ...peers], "fresh", turns);
	for (const { process } of [...open, ...guarded, ...limits, ...peers]) process.stop();
	loader.stop();
	return toReport(repeatedRows, freshRows);
}

/** Each adapter's server, with this guard. */
async function startAdapters(guard: Guard): Promise<Contender[]> {
	const contenders: Contender[] = [];
	for (const adapter of Object.keys(ADAPTERS)) {
		const server = await startServer({ adapter, guard });
		contenders.push({ name: rowName(adapter, guard.kind), isOurs: guard.kind === "orgpass", ...server });
	}
	return contenders;
}

/** Those of an adapter are measured one right after the other. */
function alternate(bases: readonly Contender[], guarded: readonly Contender[]): Contender[] {
	return bases.flatMap((base, index) => [base, guarded[index] as Contender]);
}

async function startPeers(issuer: RsIssuer): Promise<Contender[]> {
	const contenders: Contender[] = [];
	for (const peer of Object.keys(PEER_GUARDS)) {
		const server = await startServer({ peer, issuer });
		contenders.push({ name: `${peer} ${installedVersion(peer)}`, isOurs: false, ownPool: "rs256", ...server });
	}
	return contenders;
}

async function startServer(setup: ServerSetup): Promise<Pick<Contender, "port" | "process">> {
	const process = startProcess("http-server.ts");
	return { process, port: (await process.ask(setup)) as number };
}

/** Returns the rate of each contender for each round. */
async function takeTurns(
	contenders: readonly Contender[],
	pool: string,
	{ loader, rounds, count }: Turns,
): Promise<Row[]> {
	const figures: number[][] = contenders.map(() => []);
	for (let round = -UNCOUNTED_ROUNDS; round < rounds; round++) {
		for (const [index, { port, ownPool = pool, process }] of contenders.entries()) {
			const before = await readUsage(process);
			await loader.ask({ port, pool: ownPool, count } satisfies Load);
			const microseconds = (await readUsage(process)) - before;
			if (round >= 0) figures[index]?.push((count * 1e6) / Math.max(microseconds, 1));
		}
	}
	return contenders.map(({ name, isOurs }, index) => ({ name, isOurs, figures: figures[index] ?? [] }));
}

async function readUsage(server: MeasuredProcess): Promise<number> {
	const { user, system } = (await server.ask({})) as NodeJS.CpuUsage;
	return user + system;
}

function toReport(repeatedRows: readonly Row[], freshRows: readonly Row[]): Report {
	const goal = (title: string, rows: readonly Row[], [name, base]: readonly [string, string], bound: number): Goal => ({
		ratio: `HTTP, ${title}: ${name} ÷ ${base}`,
		value: ratio(rows, name, base),
		bound,
	});
	return {
		title: "Guarded HTTP servers",
		text: `Requests that a server answers per second of its own CPU time. Each server is a process, and gets its requests from another
one, over 20 connections and without pipelining. That one only writes prepared requests and looks for the end of each
response, and it polls for responses instead of sleeping: the kernel takes several microseconds to wake a process, and charges
them to the server whose response wakes it. "No guard" gets the same requests, with the token that it ignores. The peers verify
RS256 and remember nothing. With fresh tokens, each adapter is compared with a server without a guard that verifies
one prepared signature for each request, with secp256k1 itself, and does nothing else.`,
		tables: [
			{
				id: "http-repeated",
				title: "HTTP, the same token again",
				unit: "requests/s",
				base: rowName("node", "none"),
				rows: repeatedRows,
			},
			{
				id: "http-fresh",
				title: "HTTP, fresh tokens",
				unit: "requests/s",
				base: rowName("node", "secp256k1"),
				rows: freshRows,
			},
		],
		goals: Object.keys(ADAPTERS).flatMap((name) => [
			goal("repeated", repeatedRows, [name, rowName(name, "none")], 0.8),
			goal("fresh", freshRows, [name, rowName(name, "secp256k1")], 0.9),
		]),
	};
}

function rowName(adapter: string, kind: Guard["kind"]): string {
	if (kind === "orgpass") return adapter;
	return `${adapter}, ${kind === "none" ? "no guard" : "secp256k1 alone"}`;
}

async function createRsIssuer(): Promise<RsIssuer & { readonly token: string }> {
	const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
	const token = await new SignJWT({ scope: "book" })
		.setProtectedHeader({ alg: "RS256", typ: "JWT" })
		.setIssuer(RS256.issuer)
		.setAudience(RS256.audience)
		.setIssuedAt()
		.setExpirationTime("12h")
		.sign(privateKey);
	return { ...RS256, pem: publicKey.export({ type: "spki", format: "pem" }).toString(), token };
}
