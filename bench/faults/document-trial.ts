/**
 * One fault of the host of an organization's document in one state of the verifier.
 * @module
 */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { combineObservers } from "orgpass/observe";
import type { DocumentEvidence, DocumentStage } from "./document-stage.ts";
import type { Fault, State, TrialResult } from "./fault.ts";
import { startFaultyHost } from "./faulty-host.ts";
import { assertAccepted, createCounter, measure, present } from "./measure.ts";
import { createPolls } from "./polls.ts";
import type { Stage } from "./stage.ts";

/** The time limit of a document. */
export const DOCUMENT_DEADLINE_MS = 5_000;

const POLLING_SECONDS = 1;
const PAST_TTL_SECONDS = 61;
const STALE_SECONDS = 600;

/** What the trials of one kind of registry share. */
export interface DocumentTrials {
	readonly stage: Stage;
	readonly documents: DocumentStage;
	readonly evidence: DocumentEvidence;
}

/** Runs a trial. */
export async function runDocumentTrial(
	{ stage, documents, evidence }: DocumentTrials,
	fault: Fault,
	state: State,
): Promise<TrialResult> {
	const { chainId, rpcUrl, now } = stage.network;
	let document: Buffer = Buffer.alloc(0);
	const host = await startFaultyHost(async () => document, fault.isSecure === true ? stage.certificates : undefined);
	const organization = await documents.publish(evidence, host.url);
	document = organization.document;
	const polls = createPolls();
	let passedSeconds = 0;
	const resolver = createOrgIdResolver({
		networks: [{ chainId, rpcUrl, registry: documents.addressOf(evidence) }],
		documents: { allowHttp: true, allowPrivateAddresses: true },
		cache: { staleIfErrorSeconds: state === "stale" ? STALE_SECONDS : 0 },
		watch: state === "watched" && { pollingSeconds: POLLING_SECONDS },
		observer: combineObservers(createCounter("document"), polls.observer),
		now: () => now() + passedSeconds,
	});
	const verifier = createVerifier({ profiles: [orgid({ audience: stage.audience, resolver })], now });
	if (state !== "cold") await assertAccepted(verifier, organization.honest);
	if (state === "watched") {
		await polls.next();
		resolver.invalidateAll();
		await assertAccepted(verifier, organization.honest);
	}
	await host.fail(fault);
	if (state !== "warm" && state !== "cold") passedSeconds = PAST_TTL_SECONDS;
	if (state === "watched") await polls.next();
	const honest = await measure(verifier, organization.honest, DOCUMENT_DEADLINE_MS);
	const forged = await present(verifier, organization.forged);
	resolver.close();
	await host.close();
	return { honest, bad: { "a forged token": forged } };
}
