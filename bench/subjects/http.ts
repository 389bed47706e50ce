/**
 * Servers with and without a guard, on every adapter. Each is a process of its own, and so is what sends the requests.
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { decodeToken } from "orgpass/jws";
import type { Load, Pools } from "../http-load.ts";
import type { ServerSetup } from "../http-server.ts";
import { ADAPTERS, PEER_GUARDS, type RsIssuer } from "../suite/http-servers.ts";
import { installedVersion } from "../suite/installed-version.ts";
import { type MeasuredProcess, startProcess } from "../suite/measured-process.ts";
import { keyOf } from "../suite/organization-keys.ts";
import { issuerDid, mintTokens } from "../suite/organizations.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import { type Report, type Row, ratio, type Settings } from "../suite/report.ts";

/** One of those that take turns. */
interface Contender {
	readonly name: string;
	readonly isOurs?: boolean;
	/** Answers so many requests, or does only a part of the work. */
	run(count: number): unknown;
	/** The CPU time that it has taken since it was started. */
	usage(): NodeJS.CpuUsage | Promise<NodeJS.CpuUsage>;
}

interface MeasuredServer extends Pick<MeasuredProcess, "stop"> {
	readonly name: string;
	readonly isOurs: boolean;
	readonly isPeer: boolean;
	readonly port: number;
	usage(): Promise<NodeJS.CpuUsage>;
}

const ROUNDS = 9;
/** Until V8 has optimized the servers. */
const UNCOUNTED_ROUNDS = 3;
/** Five times as many as a verifier remembers here: fresh tokens are new to it again in the next round. */
const COUNT = 5_000;
const CURVE = "secp256k1";
const ISSUER = issuerDid(0);
const RS256 = { issuer: "https://issuer.example/", audience: "https://hotel.example/" };

/** Measures requests per second of the server's CPU time: with one token again and again, and with fresh tokens. */
export async function measureHttp({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 20] : [ROUNDS, COUNT];
	const [first, ...fresh] = (await mintTokens(1 + count, 1)) as [string, ...string[]];
	const { token: rsToken, ...rsIssuer } = await createRsIssuer();
	const pools: Pools = { repeated: [first], fresh, rs256: [rsToken] };
	const loader = startProcess("http-load.ts");
	await loader.ask({ pools });
	const servers = await startServers(first, rsIssuer);
	const contenders = (ownPool: string): Contender[] =>
		servers.map(({ name, isOurs, isPeer, port, usage }) => {
			const pool = isPeer ? "rs256" : ownPool;
			return { name, isOurs, usage, run: (count) => loader.ask({ port, pool, count } satisfies Load) };
		});
	const repeatedRows = await takeTurns(contenders("repeated"), rounds, count);
	const freshRows = await takeTurns([...contenders("fresh"), curveContender(fresh)], rounds, count);
	for (const { stop } of [loader, ...servers]) stop();
	return toReport(repeatedRows, freshRows);
}

/** Each adapter's server without a guard and with ours, which knows the issuer of the token; then the peers. */
async function startServers(token: string, issuer: RsIssuer): Promise<MeasuredServer[]> {
	const servers: MeasuredServer[] = [];
	const start = async (name: string, setup: ServerSetup): Promise<void> => {
		const { ask, stop } = startProcess("http-server.ts");
		const port = (await ask(setup)) as number;
		const usage = async (): Promise<NodeJS.CpuUsage> => (await ask({})) as NodeJS.CpuUsage;
		const isPeer = "peer" in setup;
		servers.push({ name, isOurs: !isPeer && setup.token !== undefined, isPeer, port, usage, stop });
	};
	for (const adapter of Object.keys(ADAPTERS)) {
		await start(unguarded(adapter), { adapter, token: undefined });
		await start(adapter, { adapter, token });
	}
	for (const peer of Object.keys(PEER_GUARDS)) await start(`${peer} ${installedVersion(peer)}`, { peer, issuer });
	return servers;
}

/** The curve without a server, used as its documentation says. */
function curveContender(tokens: readonly string[]): Contender {
	const key = RAW_CURVES[CURVE](keyOf(ISSUER));
	const parts = tokens.map((token) => decodeToken(token));
	return {
		name: CURVE,
		usage: () => process.cpuUsage(),
		run(count) {
			for (const { signingInput, signature } of parts.slice(0, count)) {
				if (!key.verify(signingInput, signature)) throw new Error(`${CURVE} refused a signature`);
			}
		},
	};
}

/** Returns the rate of each contender for each round. */
async function takeTurns(contenders: readonly Contender[], rounds: number, count: number): Promise<Row[]> {
	const figures: number[][] = contenders.map(() => []);
	for (let round = -UNCOUNTED_ROUNDS; round < rounds; round++) {
		for (const [index, { run, usage }] of contenders.entries()) {
			const before = await usage();
			await run(count);
			const after = await usage();
			const microseconds = after.user + after.system - before.user - before.system;
			if (round >= 0) figures[index]?.push((count * 1e6) / Math.max(microseconds, 1));
		}
	}
	return contenders.map(({ name, isOurs = false }, index) => ({ name, isOurs, figures: figures[index] ?? [] }));
}

function toReport(repeatedRows: readonly Row[], freshRows: readonly Row[]): Report {
	const adapters = Object.keys(ADAPTERS);
	const limits = adapters.map((name) => limitOf(name, freshRows));
	const open = new Set(adapters.map(unguarded));
	const shown = [...freshRows.filter(({ name }) => !open.has(name)), ...limits];
	return {
		title: "Guarded HTTP servers",
		text: `Requests that a server answers per second of its own CPU time. Each server is a process of its own, and gets the
requests from another one over 20 connections, without pipelining. That one only writes prepared requests and looks for the
end of each response, so that the server is what limits them: the kernel takes several microseconds to wake a process that
waits, and charges them to the one that it waits for, so a program that takes longer for a request than the server does would
make the servers differ by more than their own work. "No guard" gets the same requests, with the token that it ignores. The
peers verify RS256, which they remember nothing of. With fresh tokens, the limit is what a server would reach if a guard did
nothing but verify the signature, with ${CURVE} itself.`,
		tables: [
			{
				id: "http-repeated",
				title: "HTTP, the same token again",
				unit: "requests/s",
				base: unguarded("node"),
				rows: repeatedRows,
			},
			{ id: "http-fresh", title: "HTTP, fresh tokens", unit: "requests/s", base: limitName("node"), rows: shown },
		],
		goals: adapters.flatMap((name) => [
			{
				ratio: `HTTP, repeated: ${name} ÷ no guard`,
				value: ratio(repeatedRows, name, unguarded(name)),
				bound: 0.8,
			},
			{ ratio: `HTTP, fresh: ${name} ÷ the curve's limit`, value: ratio(shown, name, limitName(name)), bound: 0.9 },
		]),
	};
}

/** The rate of a server that answers without a guard and verifies one signature for each request. */
function limitOf(adapter: string, rows: readonly Row[]): Row {
	const find = (name: string): readonly number[] => rows.find((row) => row.name === name)?.figures ?? [];
	const curve = find(CURVE);
	const figures = find(unguarded(adapter)).map((rate, round) => 1 / (1 / rate + 1 / (curve[round] as number)));
	return { name: limitName(adapter), figures };
}

function unguarded(adapter: string): string {
	return `${adapter}, no guard`;
}

function limitName(adapter: string): string {
	return `${adapter}, limit`;
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
