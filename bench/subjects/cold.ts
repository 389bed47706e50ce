/**
 * How long it takes to resolve organizations that the resolver doesn't know.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { type DIDResolver, Resolver } from "did-resolver";
import { getResolver } from "ethr-did-resolver";
import { createOrgIdResolver } from "orgpass";
import type { ColdChain, RequestCounts } from "../cold-chain.ts";
import { formatFigure } from "../suite/format.ts";
import { installedVersion } from "../suite/installed-version.ts";
import { collectGarbage } from "../suite/measure.ts";
import { type Goal, median, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const CHAIN_ID = 31_337;
const AT_ONCE = 100;
const ALONE = 30;
/** Rounds that aren't counted. */
const WARM_UP = 3;
const LOCAL = { allowHttp: true, allowPrivateAddresses: true } as const;

/** A library's resolver, without anything it has read before. */
interface ColdResolver {
	/** Rejects if there is no key in the result. */
	resolve(index: number): Promise<void>;
	close?(): void;
}

interface Contender {
	readonly name: string;
	readonly isOurs?: boolean;
	open(chain: ColdChain, rpcUrl: string): ColdResolver;
}

interface OrgIdResolver2 {
	readonly OrgIdResolver: new (options: {
		web3: object;
		orgId: string;
	}) => {
		resolve(did: string): Promise<{ readonly didDocument: { readonly publicKey: readonly object[] } }>;
		registerFetchMethod(method: object): void;
	};
	readonly httpFetchMethod: object;
}

const require = createRequire(import.meta.url);
const theirs = require("@windingtree/org.id-resolver") as OrgIdResolver2;
const Web3 = require("web3") as new (url: string) => object;
const WITH_DOCUMENT = "orgpass";
const WITHOUT_DOCUMENT = "orgpass, keys on chain only";
const THEIRS = `org.id-resolver ${installedVersion("@windingtree/org.id-resolver")}`;

const CONTENDERS: readonly Contender[] = [
	{ name: WITH_DOCUMENT, isOurs: true, open: (chain, rpcUrl) => openOurs(chain, rpcUrl, LOCAL) },
	{ name: WITHOUT_DOCUMENT, isOurs: true, open: (chain, rpcUrl) => openOurs(chain, rpcUrl, false) },
	{ name: THEIRS, open: openTheirs },
	{ name: `ethr-did-resolver ${installedVersion("ethr-did-resolver")}`, open: openEthr },
	{ name: "the document alone, with node:http", open: openBare },
];

/** Resolves organizations one after another and a hundred at once, each with a resolver that has read only one other. */
export async function measureCold({ isQuick }: Settings): Promise<Report> {
	const extent = isQuick ? { rounds: 2, alone: 2, atOnce: 4 } : { rounds: 7, alone: ALONE, atOnce: AT_ONCE };
	const { rounds, alone, atOnce } = extent;
	const child = fork(new URL("../cold-chain.ts", import.meta.url), [String(Math.max(alone, atOnce) + 1)], {
		execArgv: [],
	});
	const [chain] = (await once(child, "message")) as [ColdChain];
	const inTurn = await measure(child, chain, { rounds, count: alone, run: resolveInTurn });
	const together = await measure(child, chain, { rounds, count: atOnce, run: resolveTogether });
	child.disconnect();
	const goal = (what: string, rows: readonly Row[], name: string, bound: number): Goal => ({
		ratio: `${what}: ${THEIRS} ÷ ${name}`,
		value: ratio(rows, THEIRS, name),
		bound,
	});
	const common = { unit: "ms an organization", base: WITH_DOCUMENT };
	return {
		title: "Resolving organizations",
		text: `Organizations that the resolver doesn't know, over a connection that is open already. The time is real time: what the
caller waits for, with a node and a document host on the same machine that share its cores; elsewhere, each adds its distance once for each
request that waits for the one before. The node remembers its responses, because Hardhat takes longer to compute one than a
resolver takes for all the rest. org.id-resolver reads the document, so its line compares with the first; orgpass doesn't need it
for a key that is on chain. org.id-resolver mixes up organizations that one resolver resolves at the same time, so each has
its own here. ethr-did's identities each have one key. The last line is what reading a document can't do without: nothing is asked
of a node, and nothing is checked.`,
		tables: [
			{ ...common, id: "cold-alone", title: "One after another", rows: inTurn },
			{ ...common, id: "cold-together", title: `${AT_ONCE} at once`, rows: together },
		],
		goals: [
			goal("an unknown organization", inTurn, WITH_DOCUMENT, 3),
			goal("an unknown organization", inTurn, WITHOUT_DOCUMENT, 3),
			goal(`${AT_ONCE} at once`, together, WITH_DOCUMENT, 20),
			goal(`${AT_ONCE} at once`, together, WITHOUT_DOCUMENT, 20),
		],
	};
}

interface Extent {
	readonly rounds: number;
	readonly count: number;
	run(resolver: ColdResolver, count: number): Promise<unknown>;
}

async function measure(child: ChildProcess, chain: ColdChain, { rounds, count, run }: Extent): Promise<Row[]> {
	const turns: Turn[][] = CONTENDERS.map(() => []);
	for (let round = 0; round < WARM_UP + rounds; round++) {
		await collectGarbage();
		for (const [index, contender] of CONTENDERS.entries()) {
			const turn = await timeTurn(contender.open(chain, chain.rpcUrl), (resolver) => run(resolver, count));
			if (round >= WARM_UP) turns[index]?.push(turn);
		}
	}
	const rows: Row[] = [];
	for (const [index, { name, isOurs = false, open }] of CONTENDERS.entries()) {
		await countRequests(child);
		await timeTurn(open(chain, chain.countedUrl), async (resolver) => {
			await countRequests(child);
			await run(resolver, count);
		});
		const { node, documents } = await countRequests(child);
		const own = turns[index] ?? [];
		const cells = {
			"CPU ms": formatFigure(median(own.map(({ cpuMs }) => cpuMs / count))),
			"requests to the node": formatFigure(node / count),
			documents: formatFigure(documents / count),
		};
		rows.push({ name, isOurs, figures: own.map(({ elapsedMs }) => elapsedMs / count), cells });
	}
	return rows;
}

interface Turn {
	readonly elapsedMs: number;
	/** Of this process, so without the node. */
	readonly cpuMs: number;
}

/** Measures what the work takes once a connection is open. */
async function timeTurn(resolver: ColdResolver, work: (resolver: ColdResolver) => Promise<unknown>): Promise<Turn> {
	await resolver.resolve(0);
	const [since, before] = [performance.now(), process.cpuUsage()];
	await work(resolver);
	const [elapsedMs, { user, system }] = [performance.now() - since, process.cpuUsage(before)];
	resolver.close?.();
	return { elapsedMs, cpuMs: (user + system) / 1_000 };
}

async function countRequests(child: ChildProcess): Promise<RequestCounts> {
	child.send("count");
	const [counts] = (await once(child, "message")) as [RequestCounts];
	return counts;
}

async function resolveInTurn(resolver: ColdResolver, count: number): Promise<void> {
	for (let index = 1; index <= count; index++) await resolver.resolve(index);
}

function resolveTogether(resolver: ColdResolver, count: number): Promise<unknown> {
	return Promise.all(Array.from({ length: count }, (_, index) => resolver.resolve(index + 1)));
}

function openOurs({ registry, dids }: ColdChain, rpcUrl: string, documents: typeof LOCAL | false): ColdResolver {
	const resolver = createOrgIdResolver({ networks: [{ chainId: CHAIN_ID, rpcUrl, registry }], documents });
	return {
		async resolve(index) {
			const { didDocument } = await resolver.resolve(dids[index] as string);
			assertKeys(didDocument?.verificationMethod);
		},
		close: () => resolver.close(),
	};
}

/** One resolver for each organization: theirs mixes up organizations that are resolved at the same time. */
function openTheirs({ registry, dids }: ColdChain, rpcUrl: string): ColdResolver {
	const web3 = new Web3(rpcUrl);
	return {
		async resolve(index) {
			const resolver = new theirs.OrgIdResolver({ web3, orgId: registry });
			resolver.registerFetchMethod(theirs.httpFetchMethod);
			const { didDocument } = await resolver.resolve((dids[index] as string).replace(`${CHAIN_ID}:`, ""));
			assertKeys(didDocument.publicKey);
		},
	};
}

function openEthr({ ethrRegistry, ethrDids }: ColdChain, rpcUrl: string): ColdResolver {
	const plugin = getResolver({ networks: [{ chainId: CHAIN_ID, rpcUrl, registry: ethrRegistry }] });
	const resolver = new Resolver(plugin as Record<string, DIDResolver>);
	return {
		async resolve(index) {
			const { didDocument } = await resolver.resolve(ethrDids[index] as string);
			assertKeys(didDocument?.verificationMethod?.slice(1));
		},
	};
}

/** Only fetches the documents, each over a connection of its own. */
function openBare({ documents }: ColdChain): ColdResolver {
	return {
		async resolve(index) {
			const [response] = await once(get(documents[index] as string, { agent: false }), "response");
			assertKeys((JSON.parse(await text(response)) as { readonly publicKey: readonly object[] }).publicKey);
		},
	};
}

function assertKeys(methods: readonly object[] | undefined): void {
	if (methods === undefined || methods.length === 0) throw new Error("expected a key in the result");
}
