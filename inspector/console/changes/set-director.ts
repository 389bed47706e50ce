/** @module */
import type { Address, Registry, RegistryEvent, WriteReceipt } from "orgpass/registry";
import { isSameAddress } from "../address.ts";
import { type Change, type Confirmation, confirmRecord, type Organization } from "./change.ts";

const NOBODY: Address = `0x${"00".repeat(20)}`;

export function proposeDirector(organization: Organization, director: Address): Change {
	const { did, orgId } = organization;
	return {
		title: "Propose a director",
		effects: [
			`${director} may become director: then it may register and revoke keys and set the document, as the owner may.`,
			"It has no rights until it accepts, with a transaction of its own.",
			...(organization.director === undefined ? [] : [`${organization.director} is no longer director, at once.`]),
		],
		signer: "owner",
		did,
		command: ["org", "director", "set", did, "--to", director],
		next: { kind: "accept", director },
		send: (registry) => registry.transferDirectorship(orgId, director),
		confirm: (registry, receipt) => confirmProposal(registry, organization, director, receipt),
	};
}

export function removeDirector(organization: Organization): Change {
	const { did, orgId } = organization;
	return {
		title: "Remove the director",
		effects: ["The director loses all rights at once. Keys that it registered stay valid until they are revoked."],
		signer: "owner",
		did,
		command: ["org", "director", "set", did, "--none"],
		send: (registry) => registry.transferDirectorship(orgId, NOBODY),
		confirm: (registry, receipt) =>
			confirmRecord(registry, organization, receipt, ({ director }) => ({
				isShown: director === undefined,
				words:
					director === undefined ? "The registry lists no director." : `The registry lists ${director} as director.`,
			})),
	};
}

export function acceptDirectorship(organization: Organization, account: string): Change {
	const { did, orgId } = organization;
	return {
		title: "Become director",
		effects: [
			`${account} becomes director: it may register and revoke keys and set the document. Only the owner can remove it.`,
		],
		signer: "proposed director",
		account,
		did,
		command: ["org", "director", "accept", did],
		send: (registry) => registry.acceptDirectorship(orgId),
		confirm: (registry, receipt) =>
			confirmRecord(registry, organization, receipt, ({ director }) => ({
				isShown: isSameAddress(director, account),
				words:
					director === undefined ? "The registry lists no director." : `The registry lists ${director} as director.`,
			})),
	};
}

/** Returns the director who was proposed and hasn't accepted, by an organization's events. */
export function findProposedDirector(events: readonly RegistryEvent[]): string | undefined {
	const last = events.findLast(({ name }) => name === "DirectorshipTransferred" || name === "DirectorshipAccepted");
	const proposed = last?.name === "DirectorshipTransferred" ? String(last.args["newDirector"]) : NOBODY;
	return isSameAddress(proposed, NOBODY) ? undefined : proposed;
}

/** A proposal isn't in the record, but in the log. */
async function confirmProposal(
	registry: Registry,
	{ did, orgId }: Organization,
	director: Address,
	receipt: WriteReceipt | undefined,
): Promise<Confirmation> {
	const fromBlock = receipt?.blockNumber ?? 0;
	const events = await registry.readEvents({ fromBlock, toBlock: fromBlock });
	const proposed = findProposedDirector(events.filter((event) => event.orgId === orgId));
	const isShown = isSameAddress(proposed, director);
	const words = isShown
		? `The registry's log says that ${proposed} was proposed.`
		: "The registry's log shows no such proposal.";
	return { did, isShown, words };
}
