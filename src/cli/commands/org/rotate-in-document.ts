/**
 * Rotates a key in the organization's document: writes the document to publish, and prints how to publish it.
 * @module
 */
import { isFragment } from "../../../did/did-url.js";
import { periodOfMethod } from "../../../did/method-period.js";
import { parseDocumentJson } from "../../../document/document-json.js";
import { verifyDocument } from "../../../document/inspect-document.js";
import { type OrgJson, parseOrgJson } from "../../../document/org-json.js";
import { parseDateTime } from "../../../encoding/date-time.js";
import type { JsonObject } from "../../../encoding/json.js";
import { keepText } from "../../../encoding/kept-number.js";
import { DidError, isOrgpassError } from "../../../errors/errors.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { readDocumentBytes, subjectOf } from "../../document-file.js";
import { usageError } from "../../options.js";
import type { Outcome } from "../../outcome.js";
import { withPublishedDocuments } from "../../published-document.js";
import { changeDocument, type DocumentKey, findDocumentKey, hasKey } from "./document-keys.js";
import { assertSameNewKey, keyFlag, type Rotation, tooEarly } from "./rotation.js";
import { toUnchangedOutcome, writeRotatedDocument } from "./write-rotated-document.js";

/** A rotation and the document to change. */
interface Draft {
	readonly rotation: Rotation;
	readonly now: number;
	readonly document: JsonObject;
	readonly orgJson: OrgJson;
	readonly hasNewKey: boolean;
}

/** Writes the document with the new key; the old one gets a revocation date (1.x) or is removed by `--finish` (0.x). */
export async function rotateInDocument(rotation: Rotation): Promise<Outcome> {
	const { flags, did, oldFragment, newFragment } = rotation;
	if (flags.wait) throw usageError("--wait is for keys on chain; this key is in a document");
	if (flags.validUntil !== undefined) throw usageError("--valid-until is for keys on chain; this key is in a document");
	const now = Date.now() / 1_000;
	const bytes = await readCurrentDocument(rotation, now);
	const orgJson = parseOrgJson(bytes, did);
	const document = subjectOf(parseDocumentJson(bytes, keepText));
	const old = findDocumentKey(document, rotation, oldFragment);
	const hasNewKey = findDocumentKey(document, rotation, newFragment) !== undefined;
	const draft: Draft = { rotation, now, document, orgJson, hasNewKey };
	if (old === undefined) {
		if (flags.finish && hasNewKey) return toUnchangedOutcome(rotation, `#${oldFragment} was removed`);
		throw keyNotFound(`neither the chain nor the document has a key #${oldFragment}`, rotation, orgJson);
	}
	if (old.entry["blockchainAccountId"] !== undefined) throw usageError(`#${oldFragment} is an account, not a key`);
	return flags.finish ? finish(draft, old) : begin(draft, old);
}

/** Reads `--from`, or the first published document that can be verified. */
async function readCurrentDocument(rotation: Rotation, now: number): Promise<Uint8Array> {
	const { context, flags, record } = rotation;
	if (flags.from !== undefined) return readDocumentBytes(context, flags.from);
	return withPublishedDocuments(rotation, flags, now, async ({ fetchDocument, documentContext }) => {
		const failures: unknown[] = [];
		for (const uri of record.document?.uris ?? []) {
			try {
				const bytes = await fetchDocument(uri);
				await verifyDocument(bytes, documentContext);
				return bytes;
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				failures.push(error);
			}
		}
		const none = keyNotFound(`no key #${rotation.oldFragment} on chain, and no document`, rotation);
		throw failures[0] ?? none;
	});
}

/** The error for a key that doesn't exist, with the names of those that do. */
function keyNotFound(message: string, { did, record }: Rotation, orgJson?: OrgJson): DidError {
	const documented = (orgJson?.methods ?? [])
		.filter((method) => method["blockchainAccountId"] === undefined)
		.map(({ id }) => id.replace(did.did, ""))
		.filter((name) => name.startsWith("#") && isFragment(name.slice(1)));
	const names = [...record.keys.map(({ fragment }) => `#${fragment}`), ...documented];
	const keys = names.length === 0 ? "it has no keys" : `its keys are ${names.join(", ")}`;
	return new DidError("did/key-not-found", `${message}; ${keys}`, { details: { hint: "" } });
}

async function begin({ rotation, now, document, orgJson, hasNewKey }: Draft, old: DocumentKey): Promise<Outcome> {
	const { oldFragment, newFragment, overlapSeconds } = rotation;
	if (hasNewKey) {
		await assertSameNewKey(rotation, "the document", (key) => hasKey(orgJson, rotation, newFragment, key));
	}
	const supportsRevocationDate = old.list !== "publicKey";
	const hasRevocationDate = old.entry["verificationMethodRevocation"] !== undefined;
	if (hasNewKey && (!supportsRevocationDate || hasRevocationDate)) {
		return toUnchangedOutcome(rotation, "the document already has the new key");
	}
	if (now >= periodOfMethod(old.entry).revokedAt) {
		throw new DidError("did/key-revoked", `the document already marks #${oldFragment} as revoked`);
	}
	const newKey = hasNewKey ? undefined : await rotation.findNewKey(true);
	if (newKey !== undefined && hasKey(orgJson, rotation, oldFragment, newKey)) {
		throw invalidOption(keyFlag(rotation.flags), "a key other than the old one");
	}
	const build = (at: number): JsonObject => {
		const revokeAt = at + overlapSeconds;
		const change = supportsRevocationDate && !hasRevocationDate ? { newKey, revokeAt } : { newKey };
		return changeDocument(document, rotation, change, at);
	};
	return writeRotatedDocument(rotation, orgJson, { build, now, needsFinish: !supportsRevocationDate });
}

async function finish({ rotation, now, document, orgJson, hasNewKey }: Draft, old: DocumentKey): Promise<Outcome> {
	const { oldFragment, newFragment, overlapSeconds } = rotation;
	if (!hasNewKey) throw usageError(`the document doesn't have #${newFragment} yet: run without --finish first`);
	if (now >= periodOfMethod(old.entry).revokedAt) return toUnchangedOutcome(rotation, `#${oldFragment} is revoked`);
	const isRemoved = old.list === "publicKey";
	if (isRemoved) {
		const changedAt = parseDateTime(orgJson.updated) ?? parseDateTime(orgJson.created) ?? 0;
		if (changedAt + overlapSeconds > now) throw tooEarly(changedAt + overlapSeconds);
	} else if (old.entry["verificationMethodRevocation"] !== undefined && overlapSeconds !== 0) {
		return toUnchangedOutcome(rotation, `the document already has a revocation date for #${oldFragment}`);
	}
	const build = (at: number): JsonObject =>
		changeDocument(document, rotation, isRemoved ? { isRemoved } : { revokeAt: at }, at);
	return writeRotatedDocument(rotation, orgJson, { build, now, needsFinish: false });
}
