/**
 * One fault of the host of an organization's document in one state of the verifier.
 * @module
 */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { combineObservers } from "orgpass/observe";
import type { DocumentStage, PublishedOrganization } from "./document-stage.ts";
import type { Fault, State, TrialResult } from "./fault.ts";
import { assertAccepted, createCounter, measure, present } from "./measure.ts";
import { createPolls } from "./polls.ts";
import type { Stage } from "./stage.ts";

/** The time limit of a document. */
const DOCUMENT_DEADLINE_MS = 5_000;

const POLLING_SECONDS = 1;
const PAST_TTL_SECONDS = 61;
const STALE_SECONDS = 600;

/** Runs a trial. */
export function runDocumentTrial(
	stage: Stage,
	documents: DocumentStage,
	fault: Fault,
	state: State,
): Promise<TrialResult> {
	return documents.use(fault, (organization) => runTrial(stage, documents, { fault, state, organization }));
}

/** What one trial is about. */
interface Trial {
	readonly fault: Fault;
	readonly state: State;
	readonly organization: PublishedOrganization;
}

async function runTrial(
	{ network, audience }: Stage,
	{ address }: DocumentStage,
	{ fault, state, organization }: Trial,
): Promise<TrialResult> {
	const { chainId, rpcUrl, now } = network;
	const { host, honest: token } = organization;
	const polls = createPolls();
	let passedSeconds = 0;
	const resolver = createOrgIdResolver({
		networks: [{ chainId, rpcUrl, registry: address }],
		documents: { allowHttp: true, allowPrivateAddresses: true },
		cache: { staleIfErrorSeconds: state === "stale" ? STALE_SECONDS : 0 },
		watch: state === "watched" && { pollingSeconds: POLLING_SECONDS },
		observer: combineObservers(createCounter("document"), polls.observer),
		now: () => now() + passedSeconds,
	});
	const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], now });
	if (state !== "cold") await assertAccepted(verifier, token);
	if (state === "watched") {
		await polls.next();
		resolver.invalidateAll();
		await assertAccepted(verifier, token);
	}
	await host.fail(fault);
	if (state !== "warm" && state !== "cold") passedSeconds = PAST_TTL_SECONDS;
	if (state === "watched") await polls.next();
	const honest = await measure(verifier, token, DOCUMENT_DEADLINE_MS);
	const forged = await present(verifier, organization.forged);
	resolver.close();
	return { honest, bad: { "a forged token": forged } };
}
