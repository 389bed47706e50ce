/** @module */
import { formatLocalTime } from "../../time.ts";
import type { Change, Organization } from "./change.ts";

export function revokeKey({ did, orgId }: Organization, fragment: string): Change {
	const keyId = `${did}#${fragment}`;
	return {
		title: `Revoke the key #${fragment}`,
		effects: [
			`Verifiers refuse every token that is signed with it, also those that were issued before.`,
			"This can't be undone, and the name can't be used again.",
		],
		facts: { "key id": keyId },
		signer: "owner or director",
		did,
		command: ["org", "revoke-key", keyId],
		send: (registry) => registry.revokeKey(orgId, fragment),
		async confirm(registry, receipt) {
			const { revokedAt = 0 } = (await registry.readKey(orgId, fragment, { minBlock: receipt?.blockNumber })) ?? {};
			if (revokedAt === 0)
				return { did, isShown: false, words: `The registry doesn't show that #${fragment} is revoked.` };
			const time = formatLocalTime(revokedAt, Date.now() / 1_000);
			return { did, isShown: true, words: `The registry says that #${fragment} was revoked at ${time}.` };
		},
	};
}
