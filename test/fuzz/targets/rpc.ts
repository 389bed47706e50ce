/**
 * Answers of JSON-RPC nodes, through a registry whose generation is detected, one of a given generation, and a
 * resolver, which sometimes asks over HTTP.
 *
 * Each line of an input is a method, a space, and the response to it, in which `$id` is the call's id; `*` stands for
 * every other method. A call of the contract may be named by its selector, as `0x` and eight digits. A line without a space
 * is the whole response to a batch.
 * @module
 */
import { inspect } from "node:util";
import type { Eip1193Provider } from "ethers";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { OUTAGE_CODES } from "../../../src/errors/outage-codes.ts";
import { REGISTRY_KINDS } from "../../../src/registry/adapters/adapter.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import { createOrgIdResolver } from "../../../src/resolver/resolver.ts";
import type { OrgIdNetwork } from "../../../src/resolver/resolver-options.ts";
import { CHAIN_ID, DID, REGISTRY } from "../../support/account-stage.ts";
import { serveInput } from "../serve-input.ts";
import { assertThat, attempt, type Target } from "../target.ts";

const ORG_ID = DID.split(":").at(-1) as `0x${string}`;
/** Every so many-th input is asked for over HTTP, which takes many times as long. */
const HTTP_SHARE = 4;
const SELECTOR_CHARACTERS = 10;
const ADDRESS = /^0x[\da-fA-F]{40}$/;
/** After these, the other calls fail for the same reason. */
const UNUSABLE: readonly string[] = ["registry/wrong-chain", "registry/no-contract"];
const isRegistryCode = (code: string): boolean => code.startsWith("registry/");

interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: undefined | readonly { readonly data?: string }[];
}

export async function createTarget(): Promise<Target> {
	const server = await serveInput();
	return {
		words: [
			...[
				'{"jsonrpc":"2.0","id":$id,"result":',
				'{"jsonrpc":"2.0","id":$id,"error":{"code":-32005,"message":"',
				"$id",
				"*",
			],
			...["eth_chainId ", "eth_getCode ", "eth_call ", "eth_blockNumber ", "eth_getBlockByNumber ", "eth_getLogs "],
			...["0x7a69", "0".repeat(63), "f".repeat(64), `${"0".repeat(62)}20`, "execution reverted"],
		],
		work: { base: 600_000, perByte: 10_000 },
		async run(input) {
			const answers = toAnswers(input.toString());
			server.answer = (requested) => ({ body: respond(requested, answers) });
			const summary: string[] = [];
			const isNamed = input.toString().toLowerCase().includes(ORG_ID.slice(2));
			const sum = input.reduce((sum, byte) => sum + byte, 0);
			const kind = REGISTRY_KINDS[sum % REGISTRY_KINDS.length];
			for (const given of [undefined, kind]) summary.push(...(await readRegistry(toProvider(answers), given)));
			assertThat(isNamed || !summary.some((text) => text.includes(DID)), "a record is read of another organization");
			summary.push(await resolve(sum % HTTP_SHARE === 0 ? { rpcUrl: server.url } : { provider: toProvider(answers) }));
			return summary.join();
		},
		close: () => server.close(),
	};
}

function toAnswers(text: string): ReadonlyMap<string, string> {
	return new Map(
		text.split("\n").map((line) => {
			const space = line.indexOf(" ");
			return space < 0 ? ["batch", line] : [line.slice(0, space), line.slice(space + 1)];
		}),
	);
}

function respond(requested: string, answers: ReadonlyMap<string, string>): string {
	const calls = JSON.parse(requested) as Call | Call[];
	const bodies = [calls].flat().map((call) => answerOf(call, answers));
	if (!Array.isArray(calls)) return String(bodies[0]);
	const whole = answers.get("batch");
	return whole === undefined || whole === "" ? `[${bodies.join()}]` : whole;
}

function answerOf({ id, method, params }: Call, answers: ReadonlyMap<string, string>): string {
	const [first] = params ?? [];
	const selector = String(first?.data).slice(0, SELECTOR_CHARACTERS);
	const answer = answers.get(selector) ?? answers.get(method) ?? answers.get("*") ?? "";
	return answer.replaceAll("$id", String(id));
}

/** The same node without a network: many times faster. */
function toProvider(answers: ReadonlyMap<string, string>): Eip1193Provider {
	return {
		async request({ method, params }) {
			const answer = answerOf({ id: 1, method, params: params as Call["params"] }, answers);
			const { result, error } = Object(JSON.parse(answer)) as { readonly result?: unknown; readonly error?: unknown };
			if (error !== undefined) throw error;
			return result;
		},
	};
}

async function readRegistry(
	provider: Eip1193Provider,
	kind: (typeof REGISTRY_KINDS)[number] | undefined,
): Promise<string[]> {
	const registry = createRegistry({ provider, chainId: CHAIN_ID, address: REGISTRY, kind });
	const calls: readonly ((registry: Registry) => Promise<unknown>)[] = [
		() => readRecord(registry),
		() => registry.readKey(ORG_ID, "webserver"),
		() => registry.list(),
		() => registry.readEvents({ fromBlock: 1, toBlock: 20 }),
		() => registry.findBlock(1_700_000_000),
	];
	const results: string[] = [];
	for (const call of calls) {
		const outcome = await attempt(() => call(registry), { codes: isRegistryCode });
		results.push("code" in outcome ? toSummary(outcome.code) : inspect(outcome.value, { depth: 4 }));
		if ("code" in outcome && UNUSABLE.includes(outcome.code)) break;
	}
	registry.close();
	return results;
}

/** Of two requests at once that fail, either may be the first. */
function toSummary(code: string): string {
	return OUTAGE_CODES.has(code as ErrorCode) ? "outage" : code;
}

/** What is read has the form of a record, whatever the node sends. */
async function readRecord(registry: Registry): Promise<unknown> {
	const record = await registry.read(ORG_ID);
	if (record === undefined) return undefined;
	const { did, orgId, owner, keys, document, active, blockNumber, chainId } = record;
	assertThat(did === DID && orgId === ORG_ID && chainId === CHAIN_ID, "the record is of another organization");
	assertThat(ADDRESS.test(owner) && typeof active === "boolean", "the record has another form");
	assertThat(Number.isSafeInteger(blockNumber) && blockNumber >= 0, "the block isn't a number");
	for (const { fragment, publicKeyHex, revokedAt } of keys) {
		assertThat(/^0x04[\da-f]{128}$/.test(publicKeyHex) && fragment !== "" && revokedAt === 0, "a key has another form");
	}
	assertThat(new Set(keys.map(({ fragment }) => fragment)).size === keys.length, "two keys have one name");
	const uris = document?.uris ?? [];
	assertThat(
		uris.every((uri) => uri !== "" && uri.isWellFormed()),
		"a URI has another form",
	);
	assertThat(Object.isFrozen(record), "the record isn't frozen");
	return record;
}

/** It never throws, whatever the node sends. */
async function resolve(node: Pick<OrgIdNetwork, "rpcUrl" | "provider">): Promise<string> {
	const networks = [{ chainId: CHAIN_ID, registry: REGISTRY, ...node }];
	const resolver = createOrgIdResolver({ networks, documents: false });
	const { didDocument, didResolutionMetadata } = await resolver.resolve(DID, { fragment: "webserver" });
	resolver.close();
	const { code, error } = didResolutionMetadata as { readonly code?: unknown; readonly error?: unknown };
	assertThat((error === undefined) === (didDocument !== null), "there is a document with an error, or neither");
	assertThat(code === undefined || /^(?:registry|did)\//.test(String(code)), `it fails with ${code}`);
	return `${toSummary(String(code))} ${didDocument?.id} ${didDocument?.verificationMethod?.length}`;
}
