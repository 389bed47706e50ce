/** @module */
import type { CreateReceipt, DocumentReference, RegistryAdapter } from "orgpass/registry";
import { isSameAddress } from "../address.ts";
import { type Change, confirmRecord } from "./change.ts";

/** Some registries need the address of a document from the beginning. */
export function createOrganization({ writes }: RegistryAdapter, uri?: string): Change {
	const document: DocumentReference | undefined = uri === undefined ? undefined : { uris: [uri] };
	return {
		title: "Create an organization",
		effects: [
			"The registry gets a new organization. The account that signs is its owner.",
			"Its DID is new, too: the registry makes it from the account and a random number.",
			...(uri === undefined
				? ["It has no keys yet, so nobody can sign in as it."]
				: [`Its document is at ${uri}. Publish it there, signed, with the new DID.`]),
		],
		signer: "anyone",
		did: undefined,
		command: ["org", "create", ...(uri === undefined ? [] : ["--document-uri", uri])],
		next: { kind: writes.addKey === undefined ? "publish" : "register" },
		send: (registry) => registry.createOrganization({ document }),
		// The receipt comes from the wallet, and may be that of a stranger's organization.
		confirm: (registry, receipt, account) =>
			confirmRecord(registry, receipt as CreateReceipt, receipt, ({ owner, active }) => ({
				isShown: active && isSameAddress(owner, account),
				words: `The registry has the organization. Its owner is ${owner}.`,
			})),
	};
}
