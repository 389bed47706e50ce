/**
 * One fault of a node in one state of the verifier.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { combineObservers } from "orgpass/observe";
import type { Outcome, State, TrialResult } from "./fault.ts";
import { startFaultyNode } from "./faulty-node.ts";
import { assertAccepted, createCounter, measure, present } from "./measure.ts";
import type { NodeFault } from "./node-fault.ts";
import { createPolls } from "./polls.ts";
import type { Stage } from "./stage.ts";

/** The time limit of a request to a node, which no option changes. */
const NODE_DEADLINE_MS = 5_000;

const POLLING_SECONDS = 1;
const WATCHED_ATTEMPTS = 5;
const ATTEMPT_PAUSE_MS = 300;
const PAST_TTL_SECONDS = 61;
const STALE_SECONDS = 600;

/** Runs a trial. */
export async function runNodeTrial(stage: Stage, fault: NodeFault, state: State): Promise<TrialResult> {
	const { network, chain, audience, tokens, certificates } = stage;
	const { chainId, registry, now } = network;
	const node = await startFaultyNode(chain, fault.isSecure === true ? certificates : undefined);
	const polls = createPolls();
	let passedSeconds = 0;
	const resolver = createOrgIdResolver({
		networks: [{ chainId, rpcUrl: node.url, registry: registry.address }],
		documents: false,
		cache: { staleIfErrorSeconds: state === "stale" ? STALE_SECONDS : 0 },
		watch: state === "watched" && { pollingSeconds: POLLING_SECONDS },
		observer: combineObservers(createCounter("rpc"), polls.observer),
		now: () => now() + passedSeconds,
	});
	const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now });
	if (state !== "cold") await warmUp();
	await node.fail(fault);
	if (state === "watched") await polls.next();
	if (state !== "warm" && state !== "cold") passedSeconds = PAST_TTL_SECONDS;
	if (state === "watched") await polls.next();
	const honest = await presentHonest();
	// Before its first response, a verifier can't know which of two states is the latest.
	const bad = { "a forged token": tokens.forged, ...(state !== "cold" && { "a revoked key": tokens.revoked }) };
	const presented = Object.entries(bad).map(async ([what, token]) => [what, await present(verifier, token)] as const);
	const results = await Promise.all(presented);
	resolver.close();
	await node.close();
	return { honest, bad: Object.fromEntries(results) };

	/** While polls fail, the node has pauses in which it isn't asked, so one attempt wouldn't tell. */
	async function presentHonest(): Promise<Outcome> {
		const attempts = state === "watched" ? WATCHED_ATTEMPTS : 1;
		for (let attempt = 1; ; attempt++) {
			const outcome = await measure(verifier, tokens.honest, NODE_DEADLINE_MS);
			if (attempt === attempts || outcome.result.startsWith("accepted") || outcome.deadlines > 0) return outcome;
			await sleep(ATTEMPT_PAUSE_MS);
		}
	}

	async function warmUp(): Promise<void> {
		await assertAccepted(verifier, tokens.honest);
		if (state === "watched") {
			await polls.next();
			resolver.invalidateAll();
			await assertAccepted(verifier, tokens.honest);
		}
		const seen = await present(verifier, tokens.revoked);
		if (seen !== "401 did/key-revoked") throw new Error(`expected the key to be revoked, got ${seen}`);
	}
}
