/**
 * Servers with and without a guard, on every adapter. The requests come from another process.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { SignJWT } from "jose";
import type { Verifier } from "orgpass";
import { decodeToken } from "orgpass/jws";
import type { Load, Pools } from "../http-load.ts";
import { ADAPTERS, listen, PEER_GUARDS, type RsIssuer } from "../suite/http-servers.ts";
import { installedVersion } from "../suite/installed-version.ts";
import { keyOf } from "../suite/organization-keys.ts";
import { issuerDid, mintTokens, startOrganizations } from "../suite/organizations.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import { type Report, type Row, ratio, type Settings } from "../suite/report.ts";

/** One of those that take turns; `send` makes this process answer that many requests, or do the work of one. */
interface Contender {
	readonly name: string;
	readonly isOurs?: boolean;
	send(count: number): unknown;
}

const ROUNDS = 9;
const COUNT = 5_000;
/** Each connection of the loader takes a token more than it sends. */
const SPARE = 20;
const CURVE = "secp256k1";
const ISSUER = issuerDid(0);
const RS256 = { issuer: "https://issuer.example/", audience: "https://hotel.example/" };

/** Measures requests per second of the server's CPU time: with one token again and again, and with fresh tokens. */
export async function measureHttp({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 20] : [ROUNDS, COUNT];
	const organizations = await startOrganizations();
	const [first, ...fresh] = (await mintTokens(1 + count + SPARE, 1)) as [string, ...string[]];
	const { token: rsToken, ...rsIssuer } = await createRsIssuer();
	const loader = await startLoader({ repeated: [first], fresh, rs256: [rsToken] });
	let current = organizations.verifier();
	const verifier: Pick<Verifier, "verify"> = { verify: (token, options) => current.verify(token, options) };
	const contenders = async (pool: string): Promise<Contender[]> => {
		const ours = await startAdapters(verifier, (port, count) => loader.send({ port, pool, count }));
		return [...ours, ...(await startPeers(rsIssuer, (port, count) => loader.send({ port, pool: "rs256", count })))];
	};
	/** A verifier that knows the issuer, but only its first token. */
	const renewVerifier = async (): Promise<void> => {
		current = organizations.verifier();
		await current.verify(first);
	};
	const repeatedRows = await takeTurns(await contenders("repeated"), rounds, count, renewVerifier);
	const freshContenders = [...(await contenders("fresh")), curveContender(fresh)];
	const freshRows = await takeTurns(freshContenders, rounds, count, renewVerifier);
	loader.stop();
	organizations.close();
	return toReport(repeatedRows, freshRows);
}

/** Each adapter's server with our guard and without one. */
async function startAdapters(
	verifier: Pick<Verifier, "verify">,
	send: (port: number, count: number) => Promise<void>,
): Promise<Contender[]> {
	const contenders: Contender[] = [];
	for (const [name, create] of Object.entries(ADAPTERS)) {
		const [open, guarded] = [await listen(await create(undefined)), await listen(await create(verifier))];
		contenders.push({ name: unguarded(name), send: (count) => send(open, count) });
		contenders.push({ name, isOurs: true, send: (count) => send(guarded, count) });
	}
	return contenders;
}

async function startPeers(
	issuer: RsIssuer,
	send: (port: number, count: number) => Promise<void>,
): Promise<Contender[]> {
	const contenders: Contender[] = [];
	for (const [name, create] of Object.entries(PEER_GUARDS)) {
		const port = await listen(await create(issuer));
		contenders.push({ name: `${name} ${installedVersion(name)}`, send: (count) => send(port, count) });
	}
	return contenders;
}

/** The curve without a server, used as its documentation says. */
function curveContender(tokens: readonly string[]): Contender {
	const key = RAW_CURVES[CURVE](keyOf(ISSUER));
	const parts = tokens.map((token) => decodeToken(token));
	return {
		name: CURVE,
		send(count) {
			for (const { signingInput, signature } of parts.slice(0, count)) {
				if (!key.verify(signingInput, signature)) throw new Error(`${CURVE} refused a signature`);
			}
		},
	};
}

/** Returns the rate of each contender for each round, after a round that isn't counted. */
async function takeTurns(
	contenders: readonly Contender[],
	rounds: number,
	count: number,
	prepare: () => Promise<void>,
): Promise<Row[]> {
	const figures: number[][] = contenders.map(() => []);
	for (let round = -1; round < rounds; round++) {
		for (const [index, { send }] of contenders.entries()) {
			await prepare();
			const before = process.cpuUsage();
			await send(count);
			const { user, system } = process.cpuUsage(before);
			if (round >= 0) figures[index]?.push((count * 1e6) / Math.max(user + system, 1));
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
		text: `Requests that a server answers per second of its own CPU time: 20 connections without pipelining, from autocannon in
another process. "No guard" gets the same requests, with the token that it ignores. The peers verify RS256, which they
remember nothing of. With fresh tokens, the limit is what a server would reach if a guard did nothing but verify the
signature, with ${CURVE} itself.`,
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

async function startLoader(
	pools: Pools,
): Promise<{ readonly send: (load: Load) => Promise<void>; readonly stop: () => void }> {
	const child: ChildProcess = fork(new URL("../http-load.ts", import.meta.url), { execArgv: [] });
	const exit = once(child, "exit");
	const ask = async (message: object): Promise<void> => {
		const answer = Promise.race([once(child, "message"), exit]);
		child.send(message);
		const [value] = (await answer) as [unknown];
		if (value !== "done") throw new Error(`the loader ended with exit code ${value}`);
	};
	await ask({ pools });
	return { send: ask, stop: () => child.disconnect() };
}
