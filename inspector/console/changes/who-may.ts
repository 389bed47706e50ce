/** @module */
import type { OrgRecord } from "orgpass/registry";
import { isSameAddress } from "../address.ts";
import type { Change } from "./change.ts";

/** Says why the registry will refuse an account's change; undefined if nothing speaks against it. */
export function foreseeRefusal(
	{ signer, did }: Change,
	record: OrgRecord | undefined,
	proposedDirector: string | undefined,
	account: string,
): string | undefined {
	if (signer === "anyone" || record === undefined || record.did !== did) return undefined;
	const { owner, director } = record;
	if (signer === "proposed director") {
		// A proposal may be older than the events that the node returns.
		if (proposedDirector === undefined || isSameAddress(proposedDirector, account)) return undefined;
		return `Only ${proposedDirector} may do this, whom the owner proposed. ${account} may not.`;
	}
	if (isSameAddress(owner, account)) return undefined;
	if (signer === "owner") return `Only the owner may do this, ${owner}. ${account} may not.`;
	if (isSameAddress(director, account)) return undefined;
	const others = director === undefined ? "" : ` and the director, ${director}`;
	return `Only the owner may do this, ${owner}${others}. ${account} may not.`;
}
