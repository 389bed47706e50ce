/** @module */
import type { JsonObject } from "../../encoding/json.js";
import type { FinishedDocument } from "../../observe/observer.js";
import type { OrgRecord } from "../../registry/org-record.js";
import { ACCOUNT_NAMES } from "../../resolver/method-candidates.js";
import type { LookUp } from "./look-ups.js";
import type { Trace } from "./trace.js";

/**
 * Adds what happened to an organization's document, which a key in the registry doesn't depend on. Waits until the
 * document has been fetched.
 */
export async function addDocument(trace: Trace, organization: OrgRecord, lookUp: LookUp): Promise<void> {
	const { did, document, keys } = organization;
	if (document === undefined) return;
	const fetched = (await lookUp.documents()).filter((end) => end.did === did);
	const verified = fetched.find(({ outcome }) => outcome === "ok");
	const facts: JsonObject = { ...document, ...(fetched.length > 0 && { hosts: fetched.map(toFacts) }) };
	if (verified !== undefined) {
		return trace.add("document", { facts, source: "document", durationMs: verified.durationMs });
	}
	// The signer's name may be followed by a description.
	const [name, fragment = ""] = (lookUp.signer.split(" ")[0] ?? "").split("#");
	const isInRegistry = keys.some((key) => key.fragment === fragment) || ACCOUNT_NAMES.has(fragment);
	const isNeeded = name === did && !isInRegistry && trace.has("key");
	// Without a request, a key that isn't in the registry can only be from a document that is known.
	if (isNeeded && fetched.length === 0) trace.add("document", { facts, source: "cache" });
	else trace.add("document", { facts, isSkipped: true });
}

function toFacts({ host, code, httpStatus, durationMs }: FinishedDocument): JsonObject {
	return {
		...(host !== undefined && { host }),
		...(code !== undefined && { code }),
		...(httpStatus !== undefined && { httpStatus }),
		durationMs,
	};
}
