/**
 * Verifies tokens of known issuers while junk tokens point to hosts that answer as badly as they can. Prints how many
 * honest tokens are verified in a second of this process's CPU time, and what one junk token costs: CPU time, the
 * longest time that the event loop was blocked, and memory. The hosts run in a process of their own.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import { createOrgIdMinter, createVerifier, orgid, type Verifier } from "orgpass";
import { exportPublicKey, generateKeyPair } from "orgpass/keys";
import { createRegistry, type OrgRecord, type Registry } from "orgpass/registry";
import { createOrgIdResolver, hashDocument } from "orgpass/resolver";
import { createGitHubAppMinter, githubApp, keysFromJwks } from "orgpass/tokens";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 5);
const ROUNDS = 5;
const LIMIT_MS = 5_000;
/** Enough for all rounds: two times 4 and 16 each, and four per host afterwards. */
const JUNK = 400;
const CHAIN_ID = 31_337;
const ADDRESS = `0x${"11".repeat(20)}` as const;
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const GZIP = `${OK}content-encoding: gzip\r\n\r\n`;
const MIB = 2 ** 20;

/** What a host sends first, and what it sends again and again. */
const HOSTS: Readonly<Record<string, { readonly head: string; readonly part?: string; readonly body?: Buffer }>> = {
	"endless 103": { head: "", part: "HTTP/1.1 103 Early Hints\r\n\r\n" },
	"endless 100": { head: "", part: "HTTP/1.1 100 Continue\r\n\r\n" },
	"one-byte chunks": { head: CHUNKED, part: "1\r\n{\r\n" },
	"endless body": { head: `${OK}\r\n`, part: " ".repeat(1_024) },
	"gzip bomb": { head: GZIP, body: gzipSync(Buffer.alloc(256 * MIB, " ")) },
	"1 MiB of objects": { head: `${OK}\r\n`, body: Buffer.from(`{"a":[${"{},".repeat(MIB / 3 - 10)}{}]}`) },
	"1 MiB of text": { head: `${OK}\r\n`, body: Buffer.from(`{"a":"${"a".repeat(MIB - 10)}"}`) },
	silence: { head: "" },
};

if (process.argv[2] === "hosts") await serve();
else await measure();

async function serve(): Promise<void> {
	const ports: Record<string, number> = {};
	for (const [name, host] of Object.entries(HOSTS)) {
		const server = createServer((socket) => {
			socket.on("error", () => undefined);
			socket.once("data", () => answer(socket, host));
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		ports[name] = (server.address() as AddressInfo).port;
	}
	process.send?.(ports);
}

function answer(socket: Socket, { head, part, body }: (typeof HOSTS)[string]): void {
	socket.write(head);
	if (body !== undefined) socket.end(body);
	if (part === undefined) return;
	const block = part.repeat(Math.ceil(65_536 / part.length));
	const pump = (): void => {
		while (!socket.destroyed && socket.write(block));
	};
	socket.on("drain", pump);
	pump();
}

async function measure(): Promise<void> {
	const child: ChildProcess = fork(new URL(import.meta.url), ["hosts"]);
	const [ports] = (await once(child, "message")) as [Record<string, number>];
	const stage = await createStage();
	console.log(
		`honest verifications a second of CPU time, medians of ${ROUNDS} rounds of ${SECONDS} s; ` +
			`junk tokens are replaced every ${LIMIT_MS / 1_000} s`,
	);
	const silent = (): number => ports["silence"] as number;
	for (let warmUp = 0; warmUp < 2; warmUp++) await rate(stage, 0, silent);
	const mixed = Object.entries(ports).map(([, port]) => port);
	let turn = 0;
	const rates = new Map<number, number[]>([0, 4, 16].map((count) => [count, []]));
	for (let round = 0; round < ROUNDS; round++) {
		for (const [count, measured] of rates) {
			measured.push(await rate(stage, count, () => mixed[turn++ % mixed.length] as number));
		}
	}
	for (const [count, measured] of rates) {
		console.log(`  ${String(count).padStart(2)} junk tokens under way: ${median(measured).toFixed(0)}`);
	}
	console.log("one junk token: CPU, longest block of the event loop, memory");
	for (const [name, port] of Object.entries(ports)) {
		if (name === "silence") continue;
		const url = `http://127.0.0.1:${port}/`;
		await report(`document, ${name}`, () => stage.verifyJunk(port));
		await report(`JWK Set, ${name}`, () => stage.verifyJwks(url));
		await report(`node, ${name}`, () => stage.readNode(url));
	}
	child.kill();
}

interface Stage {
	readonly verifyHonest: () => Promise<unknown>;
	readonly verifyJunk: (port: number) => Promise<unknown>;
	readonly verifyJwks: (url: string) => Promise<unknown>;
	readonly readNode: (url: string) => Promise<unknown>;
}

async function createStage(): Promise<Stage> {
	const { privateKey, publicKey } = await generateKeyPair();
	const fragment = "webserver";
	const publicKeyHex = `0x${exportPublicKey(publicKey, "hex")}`.replace("0x0x", "0x") as `0x${string}`;
	const key = { fragment, publicKeyHex, validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0 };
	const junkPorts = new Map<string, number>();
	const hashes = Object.values(HOSTS).flatMap(({ body }) => (body === undefined ? [] : [hashDocument(body)]));
	const registry = {
		chainId: CHAIN_ID,
		address: ADDRESS,
		read: async (orgId: `0x${string}`): Promise<OrgRecord> => {
			const port = junkPorts.get(orgId);
			const uris = [`http://127.0.0.1:${port}/`];
			const document = { uris, hash: hashes.at(-1) as `0x${string}` };
			const facts = { kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: ADDRESS, owner: ADDRESS };
			const state = port === undefined ? { keys: [key] } : { keys: [], document };
			const did = `did:orgid:${CHAIN_ID}:${orgId}`;
			return { ...facts, ...state, did, orgId, active: true, blockNumber: 1, blockTimestamp: 1 } as OrgRecord;
		},
		readKey: async () => undefined,
		close: () => undefined,
	} as unknown as Registry;
	const documents = { allowHttp: true, allowPrivateAddresses: true };
	const resolver = createOrgIdResolver({ networks: [{ chainId: CHAIN_ID, registry }], documents });
	const didOf = (n: number): string => `did:orgid:${CHAIN_ID}:0x${n.toString(16).padStart(64, "0")}`;
	const audience = didOf(1);
	const verifier: Verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
	const mint = (n: number): Promise<string> =>
		createOrgIdMinter({ key: privateKey, issuer: `${didOf(n)}#${fragment}`, audience }).mint();
	const honest = await mint(2);
	const app = await generateKeyPair({ algorithm: "RS256" });
	const appToken = await createGitHubAppMinter({ key: app.privateKey, issuer: "12345" }).mint();
	const junk: [number, string][] = [];
	for (let n = 100; n < 100 + JUNK; n++) junk.push([n, await mint(n)]);
	return {
		verifyHonest: () => verifier.verify(honest),
		async verifyJunk(port) {
			const [n, token] = junk.pop() as [number, string];
			junkPorts.set(didOf(n).slice(-66), port);
			await verifier.verify(token).catch(() => undefined);
		},
		async verifyJwks(url) {
			const apps = createVerifier({ profiles: [githubApp({ keys: keysFromJwks(url) })] });
			await apps.verify(appToken).catch(() => undefined);
		},
		async readNode(rpcUrl) {
			const node = createRegistry({ chainId: CHAIN_ID, rpcUrl, address: ADDRESS });
			await node.read(`0x${"0a".repeat(32)}`).catch(() => undefined);
			node.close();
		},
	};
}

/** Honest verifications a second of CPU time, one after the other, while so many junk tokens are under way. */
async function rate({ verifyHonest, verifyJunk }: Stage, count: number, port: () => number): Promise<number> {
	const end = performance.now() + SECONDS * 1_000;
	const junk = Array.from({ length: count }, async () => {
		while (performance.now() < end) {
			const start = performance.now();
			await verifyJunk(port());
			await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + LIMIT_MS - performance.now())));
		}
	});
	let verified = 0;
	const cpu = process.cpuUsage();
	while (performance.now() < end) {
		for (let i = 0; i < 10; i++) await verifyHonest();
		verified += 10;
		await new Promise((resolve) => setImmediate(resolve));
	}
	const { user, system } = process.cpuUsage(cpu);
	await Promise.all(junk);
	return (verified * 1e6) / (user + system);
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
	for (let warmUp = 0; warmUp < 3; warmUp++) await work();
	const delay = monitorEventLoopDelay({ resolution: 1 });
	const rss = process.memoryUsage.rss();
	let peak = rss;
	const sampling = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage.rss());
	}, 5);
	const cpu = process.cpuUsage();
	delay.enable();
	await work();
	const { user, system } = process.cpuUsage(cpu);
	delay.disable();
	clearInterval(sampling);
	const figures = [`${((user + system) / 1_000).toFixed(0)} ms`, `${(delay.max / 1e6).toFixed(0)} ms`];
	console.log(`  ${name.padEnd(28)} ${figures.join(", ")}, ${((peak - rss) / MIB).toFixed(0)} MiB`);
}
