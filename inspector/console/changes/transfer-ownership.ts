/** @module */
import type { Address } from "orgpass/registry";
import { isSameAddress } from "../address.ts";
import { type Change, confirmRecord, type Organization } from "./change.ts";

export function transferOwnership(organization: Organization, newOwner: Address): Change {
	const { did, orgId, keys } = organization;
	const names = keys.map(({ fragment }) => `#${fragment}`).join(", ");
	return {
		title: "Transfer the organization",
		effects: [
			`${newOwner} becomes the owner at once, without being asked. You can't take it back.`,
			"The director is removed.",
			names === ""
				? "It has no keys."
				: `Its keys stay valid: ${names}. Whoever holds them can sign as the organization until they are revoked.`,
		],
		signer: "owner",
		did,
		command: ["org", "transfer", did, "--to", newOwner],
		send: (registry) => registry.transferOwnership(orgId, newOwner),
		confirm: (registry, receipt) =>
			confirmRecord(registry, organization, receipt, ({ owner }) => ({
				isShown: isSameAddress(owner, newOwner),
				words: `The registry says that ${owner} is the owner.`,
			})),
	};
}
