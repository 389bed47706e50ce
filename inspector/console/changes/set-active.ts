/** @module */
import { type Change, confirmRecord, type Organization } from "./change.ts";

export function setActive(organization: Organization, active: boolean): Change {
	const { did, orgId } = organization;
	return {
		title: active ? "Activate the organization" : "Deactivate the organization",
		effects: active
			? ["Verifiers accept its tokens again, if they are signed with a key that is valid."]
			: ["Verifiers refuse all its tokens, whatever key signed them, until you activate it again."],
		signer: "owner",
		did,
		command: ["org", active ? "activate" : "deactivate", did],
		send: (registry) => registry.setActive(orgId, active),
		confirm: (registry, receipt) =>
			confirmRecord(registry, organization, receipt, (record) => ({
				isShown: record.active === active,
				words: `The registry says that the organization is ${record.active ? "active" : "deactivated"}.`,
			})),
	};
}
