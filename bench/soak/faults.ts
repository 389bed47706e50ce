/**
 * What fails during the run, one thing after the other.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { exportPublicKey } from "orgpass/keys";
import { passOn } from "../../test/support/fake-node.ts";
import { LIARS } from "../../test/support/lying-node.ts";
import { CHAIN_FAULTS } from "../faults/chain-faults.ts";
import { CONNECTION_FAULTS } from "../faults/connection-faults.ts";
import type { Fault } from "../faults/fault.ts";
import { HTTP_FAULTS } from "../faults/http-faults.ts";
import type { NodeFault } from "../faults/node-fault.ts";
import { RPC_FAULTS } from "../faults/rpc-faults.ts";
import { now } from "./clock.ts";
import type { FaultWindow, Target } from "./oracle.ts";
import type { Organizations } from "./organizations.ts";
import { AGREEMENT_CHAIN, DOCUMENT_CHAIN, ORDER_CHAIN, type Stage } from "./stage.ts";

const FIRST_MS = 10_000;
const EVERY_MS = 20_000;
const FAULT_MS = 6_000;
/** A node that failed for so long is asked again within half of that; what it hasn't answered yet takes its time. */
const RECOVERY_MS = 8_000;
const RECONNECTION_MS = 1_000;

/** Something that fails and recovers. */
interface Injection {
	readonly name: string;
	readonly targets: readonly Target[];
	readonly hidesNewKeys?: boolean;
	readonly recoveryMs: number;
	readonly fail: () => Promise<unknown>;
	readonly mend: () => Promise<unknown>;
}

/** Faults within one process and without TLS, which don't outlast themselves. */
const isUsable = ({ lookup, isSecure, isClosed, refusal, name }: Fault): boolean =>
	lookup === undefined && !isSecure && !isClosed && refusal === undefined && !/`Retry-After`/.test(name);

const NO_ANSWERS: readonly NodeFault[] = [...CONNECTION_FAULTS, ...HTTP_FAULTS, ...RPC_FAULTS].filter(isUsable);
const WRONG_ANSWERS: readonly NodeFault[] = CHAIN_FAULTS.filter(isUsable);
/** A document that can't be loaded is an outage only if its host doesn't say that there is none. */
const DOCUMENT_OUTAGES = [...CONNECTION_FAULTS, ...HTTP_FAULTS]
	.filter(isUsable)
	.filter(({ name }) => /^(resets|closes|never|stops|429|50\d)/.test(name));

/** What fails, and what is told. */
export interface FaultOptions {
	readonly stage: Stage;
	readonly organizations: Organizations;
	/** Each fault is added before it begins, and `onChange` is waited for. */
	readonly windows: FaultWindow[];
	readonly onChange: () => Promise<void>;
}

/** Lets one thing after the other fail until the signal aborts, and says what. */
export async function injectFaults(
	{ stage, organizations, windows, onChange }: FaultOptions,
	signal: AbortSignal,
): Promise<void> {
	const injections = createInjections(stage, organizations);
	const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
	await wait(FIRST_MS);
	for (let turn = 0; !signal.aborted; turn++) {
		const startedAt = now();
		const injection = (injections[turn % injections.length] as () => Injection)();
		const { name, targets, hidesNewKeys = false, recoveryMs } = injection;
		const window = { name, targets: new Set(targets), hidesNewKeys, from: startedAt, until: Number.POSITIVE_INFINITY };
		windows.push(window);
		await onChange();
		await injection.fail();
		await wait(FAULT_MS);
		await injection.mend();
		window.until = now() + recoveryMs;
		await onChange();
		await wait(startedAt + EVERY_MS - now());
	}
}

function createInjections(stage: Stage, organizations: Organizations): readonly (() => Injection)[] {
	const { redis, failNode, failAllNodes } = stage;
	const liars = createLiars(stage);
	return [
		() => {
			const fault = pick(NO_ANSWERS);
			return failFirst(`first of two nodes: ${fault.name}`, fault, []);
		},
		() => {
			const fault = pick([...liars, ...liars, ...NO_ANSWERS, ...WRONG_ANSWERS]);
			return {
				name: `one of three nodes: ${fault.name}`,
				targets: [],
				recoveryMs: 0,
				fail: () => failNode(AGREEMENT_CHAIN, 0, fault),
				mend: () => failNode(AGREEMENT_CHAIN, 0, undefined),
			};
		},
		() => ({
			name: "Redis is down",
			targets: ["replay"],
			recoveryMs: RECONNECTION_MS,
			fail: redis.kill,
			mend: redis.start,
		}),
		() => {
			const fault = pick(NO_ANSWERS);
			return {
				name: `all nodes: ${fault.name}`,
				targets: [ORDER_CHAIN, AGREEMENT_CHAIN, DOCUMENT_CHAIN],
				recoveryMs: RECOVERY_MS,
				fail: () => failAllNodes(fault),
				mend: () => failAllNodes(undefined),
			};
		},
		() => {
			const fault = pick(WRONG_ANSWERS);
			return failFirst(`first of two nodes: ${fault.name}`, fault, [ORDER_CHAIN]);
		},
		() => {
			const fault = pick(DOCUMENT_OUTAGES);
			const failHosts = (fault: Fault | undefined): Promise<unknown> =>
				Promise.all(organizations.hosts.map((host) => host.fail(fault)));
			return {
				name: `all documents' hosts: ${fault.name}`,
				targets: [DOCUMENT_CHAIN],
				recoveryMs: RECOVERY_MS,
				fail: () => failHosts(fault),
				mend: () => failHosts(undefined),
			};
		},
		() => ({
			name: "a reorganization",
			targets: [ORDER_CHAIN, AGREEMENT_CHAIN],
			recoveryMs: 0,
			fail: organizations.reorganize,
			mend: async () => {},
		}),
	];

	function failFirst(name: string, fault: NodeFault, targets: readonly Target[]): Injection {
		return {
			...{ name, targets, hidesNewKeys: targets.length > 0, recoveryMs: RECOVERY_MS },
			fail: () => failNode(ORDER_CHAIN, 0, fault),
			mend: () => failNode(ORDER_CHAIN, 0, undefined),
		};
	}
}

/** Nodes that lie about our registry, in favour of the attacker. */
function createLiars({ network, attacker, firstHead: past }: Stage): readonly NodeFault[] {
	const { x, y } = exportPublicKey(attacker.publicKey, "jwk");
	const [hexX, hexY] = [x, y].map((text) => `0x${Buffer.from(text, "base64url").toString("hex")}` as const);
	const point = { x: hexX as string, y: hexY as string };
	const honest: Parameters<(typeof LIARS)[string]>[0]["honest"] = (method, params) =>
		method === "eth_chainId" ? { result: `0x${AGREEMENT_CHAIN.toString(16)}` } : passOn(network.rpcUrl, method, params);
	return Object.entries(LIARS).map(([what, lie]) => {
		const answer = lie({ honest, past, point });
		return { name: `lies about ${what}`, answer: ({ method, params }) => answer(method, params) };
	});
}

function pick<T>(items: readonly T[]): T {
	return items[Math.floor(Math.random() * items.length)] as T;
}
