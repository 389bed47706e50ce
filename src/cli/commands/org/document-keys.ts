/**
 * The keys of a document that a rotation changes.
 * @module
 */
import { canonicalizeId } from "../../../did/did-aliases.js";
import { importVerificationKey } from "../../../did/verification-method.js";
import { buildDocument } from "../../../document/build-document.js";
import type { OrgJson } from "../../../document/org-json.js";
import { formatDateTime } from "../../../encoding/date-time.js";
import type { JsonObject } from "../../../encoding/json.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { thumbprint } from "../../../keys/thumbprint.js";
import { type Generation, generationOf } from "../../document-file.js";
import type { Rotation } from "./rotation.js";

/** A key of a document, and the member that lists it. */
export interface DocumentKey {
	readonly list: string;
	readonly entry: JsonObject;
}

export interface DocumentChange {
	/** Revokes the old key at this time. */
	readonly revokeAt?: number;
	/** Removes the old key. */
	readonly isRemoved?: boolean;
	/** Adds the new key. */
	readonly newKey?: PublicKey | undefined;
}

const LISTS = ["verificationMethod", "publicKey", "authentication", "capabilityDelegation"];

export function findDocumentKey(document: JsonObject, { did }: Rotation, fragment: string): DocumentKey | undefined {
	for (const list of LISTS) {
		const entries = Array.isArray(document[list]) ? (document[list] as unknown[]) : [];
		const entry = entries.find(
			(item) =>
				typeof item === "object" &&
				canonicalizeId((item as JsonObject | null)?.["id"], did) === `${did.did}#${fragment}`,
		);
		if (entry !== undefined) return { list, entry: entry as JsonObject };
	}
	return undefined;
}

/** Checks whether the document has the key under that name. */
export function hasKey({ methods }: OrgJson, { did }: Rotation, fragment: string, key: PublicKey): boolean {
	const method = methods.find(({ id }) => id === `${did.did}#${fragment}`);
	return method !== undefined && thumbprint(importVerificationKey(method)) === thumbprint(key);
}

/** Builds the changed document, as of a time. */
export function changeDocument(
	document: JsonObject,
	rotation: Rotation,
	{ revokeAt, isRemoved = false, newKey }: DocumentChange,
	now: number,
): JsonObject {
	const { oldFragment, newFragment: fragment } = rotation;
	const copy = structuredClone(document) as Record<string, unknown>;
	const old = findDocumentKey(copy, rotation, oldFragment);
	if (revokeAt !== undefined && old !== undefined) {
		// Readers refuse the key from this date on (docs/formats.md).
		const invalidityDate = formatDateTime(Math.floor(revokeAt));
		Object.assign(old.entry, { verificationMethodRevocation: { reason: "Superseded", invalidityDate } });
	}
	if (isRemoved) removeOldKey(copy, rotation);
	return buildDocument({
		did: String(copy["id"]),
		generation: generationOfList(old?.list) ?? generationOf(copy),
		existing: copy,
		verificationMethods: newKey === undefined ? [] : [{ fragment, publicKey: newKey }],
		now,
	});
}

function generationOfList(list: string | undefined): Generation | undefined {
	return list === "publicKey" ? "0.x" : list === "verificationMethod" ? "1.x" : undefined;
}

function removeOldKey(document: Record<string, unknown>, { did, oldFragment }: Rotation): void {
	for (const list of LISTS) {
		const entries = document[list];
		if (!Array.isArray(entries)) continue;
		document[list] = entries.filter((entry: unknown) => {
			const id = typeof entry === "string" ? entry : (entry as JsonObject | null)?.["id"];
			return canonicalizeId(id, did) !== `${did.did}#${oldFragment}`;
		});
	}
}
