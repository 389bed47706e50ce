/** @module */
import type { DocumentReference } from "orgpass/registry";
import { type Change, confirmRecord, type Organization } from "./change.ts";

/** Without a document, removes the one that is set. `fileName` is for the command. */
export function setDocument(
	organization: Organization,
	document: DocumentReference | undefined,
	fileName: string,
): Change {
	const { did, orgId } = organization;
	return {
		title: document === undefined ? "Remove the document" : "Set the document",
		effects: document === undefined ? REMOVAL : describeDocument(document),
		...(document?.hash !== undefined && { facts: { "keccak-256": document.hash } }),
		signer: "owner or director",
		did,
		command: ["org", "set-document", did, ...toOptions(document, fileName)],
		send: (registry) => registry.setDocument(orgId, document),
		confirm: (registry, receipt) =>
			confirmRecord(registry, organization, receipt, (record) => ({
				isShown: isSameDocument(record.document, document),
				words: describeRecorded(record.document),
			})),
	};
}

const REMOVAL = [
	"The organization has only its keys on chain. Keys that are only in the document can't sign any more.",
];

function describeDocument({ uris, hash }: DocumentReference): readonly string[] {
	const [uri, ...backups] = uris;
	return [
		`Verifiers fetch the organization's document from ${uri}${backups.length === 0 ? "" : `, else from ${backups.join(" or ")}`}.`,
		hash === undefined
			? "They check its proof: the owner or a delegate must have signed it."
			: "They accept only this file: publish it there unchanged, down to the last byte.",
	];
}

function toOptions(document: DocumentReference | undefined, fileName: string): readonly string[] {
	if (document === undefined) return ["--none"];
	const file = document.hash === undefined ? [] : ["--document-file", fileName];
	return [...document.uris.flatMap((uri) => ["--document-uri", uri]), ...file];
}

function isSameDocument(recorded: DocumentReference | undefined, expected: DocumentReference | undefined): boolean {
	const toText = (document: DocumentReference | undefined) => JSON.stringify([document?.uris, document?.hash]);
	return toText(recorded) === toText(expected);
}

function describeRecorded(document: DocumentReference | undefined): string {
	if (document === undefined) return "The registry has no document of the organization.";
	const hash = document.hash === undefined ? "" : `, with the hash ${document.hash}`;
	return `The registry says that the document is at ${document.uris.join(" or ")}${hash}.`;
}
