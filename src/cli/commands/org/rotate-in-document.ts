/**
 * The rotation of a key that stands in the organization's document: the document to publish, and what to do
 * with it.
 * @module
 */

import { canonicalizeId } from "../../../did/did-aliases.js";
import { importVerificationKey } from "../../../did/verification-method.js";
import { buildDocument, encodeDocument } from "../../../document/build-document.js";
import { verifyDocument } from "../../../document/check-document.js";
import { hashDocument } from "../../../document/document-hash.js";
import { isRevoked } from "../../../document/document-methods.js";
import { type OrgJson, parseDocumentJson, parseOrgJson } from "../../../document/org-json.js";
import { formatDateTime, parseDateTime } from "../../../encoding/date-time.js";
import type { JsonObject } from "../../../encoding/json.js";
import { ConfigError, DidError, isOrgpassError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { thumbprint } from "../../../keys/thumbprint.js";
import { invalidOption } from "../../../options/invalid-option.js";
import type { Outcome } from "../../command.js";
import { readDocumentBytes, subjectOf, writeDocument } from "../../document-file.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import { createDocumentJudge } from "../../published-document.js";
import { formatTime } from "../../time.js";
import { generationOf } from "../document/build.js";
import type { Rotation } from "./rotation.js";
import { findWritten } from "./written-rotation.js";

/** A document's member that holds keys, and the key in it. */
interface Place {
	readonly list: string;
	readonly entry: JsonObject;
}

/** The rotation and the document as it is. */
interface Draft {
	readonly rotation: Rotation;
	readonly now: number;
	/** A copy of the document, to be changed. */
	readonly subject: Record<string, unknown>;
	readonly orgJson: OrgJson;
	readonly old: Place | undefined;
	readonly isNewThere: boolean;
}

const LISTS = ["verificationMethod", "publicKey", "authentication", "capabilityDelegation"];

/**
 * Writes the document of the next step: with the new key and the date of the old one's revocation (1.x), or
 * with both (0.x), and with `--finish` without the old one.
 */
export async function rotateInDocument(rotation: Rotation): Promise<Outcome> {
	const { flags, did, oldFragment, newFragment } = rotation;
	if (flags.wait) {
		throw new ConfigError(
			"config/usage",
			"--wait is for keys on chain: this one stands in a document, which you publish",
		);
	}
	const now = Date.now() / 1_000;
	const bytes = await readCurrent(rotation, now);
	const orgJson = parseOrgJson(bytes, did);
	const subject = structuredClone(subjectOf(parseDocumentJson(bytes))) as Record<string, unknown>;
	const old = findKey(subject, rotation, oldFragment);
	const isNewThere = findKey(subject, rotation, newFragment) !== undefined;
	if (old === undefined && !(flags.finish && isNewThere)) {
		throw new DidError("did/key-not-found", `neither chain nor document has a key #${oldFragment}`);
	}
	if (old?.entry["blockchainAccountId"] !== undefined) {
		throw new ConfigError("config/usage", `#${oldFragment} is an account and no key`);
	}
	const draft: Draft = { rotation, now, subject, orgJson, old, isNewThere };
	return flags.finish ? finish(draft) : begin(draft);
}

/** The document that is given, else the first published one that may be believed. */
async function readCurrent(rotation: Rotation, now: number): Promise<Uint8Array> {
	const { context, flags, registry, chain, record } = rotation;
	if (flags.from !== undefined) return readDocumentBytes(context, flags.from);
	const judge = createDocumentJudge(registry, chain, record, flags, now);
	const failures: unknown[] = [];
	try {
		for (const uri of record.document?.uris ?? []) {
			try {
				const bytes = await judge.fetchDocument(uri);
				await verifyDocument(bytes, judge.context);
				return bytes;
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				failures.push(error);
			}
		}
	} finally {
		judge.close();
	}
	const none = new DidError("did/key-not-found", `no key #${rotation.oldFragment} on chain, and no document`);
	throw failures[0] ?? none;
}

async function begin(draft: Draft): Promise<Outcome> {
	const { rotation, now, subject, orgJson, isNewThere } = draft;
	const old = draft.old as Place;
	const { newFragment, overlapSeconds } = rotation;
	const publicKey = await rotation.findNewKey(!isNewThere);
	if (isNewThere) requireSameKey(draft, publicKey);
	const isDated = old.list !== "publicKey";
	const isMarked = old.entry["verificationMethodRevocation"] !== undefined;
	if (isNewThere && (!isDated || isMarked)) {
		return describeUnchanged(draft, "the document has the new key already");
	}
	if (isRevoked(old.entry, now)) {
		throw new DidError("did/key-revoked", `the document marks #${rotation.oldFragment} as revoked already`);
	}
	if (publicKey !== undefined && isKeyOf(orgJson, rotation, rotation.oldFragment, publicKey)) {
		throw invalidOption("publicKey", "different from the old one", { label: "the new key" });
	}
	const revokeAt = now + overlapSeconds;
	if (isDated && !isMarked) revoke(old, revokeAt);
	const document = rebuild(
		draft,
		isNewThere || publicKey === undefined ? [] : [{ fragment: newFragment, publicKey }],
	);
	return describeDocument(draft, subject, document, isDated ? undefined : revokeAt);
}

async function finish(draft: Draft): Promise<Outcome> {
	const { rotation, now, subject, orgJson, old, isNewThere } = draft;
	const { oldFragment, newFragment, overlapSeconds } = rotation;
	if (!isNewThere) {
		throw new ConfigError(
			"config/usage",
			`the document has no #${newFragment} yet: run it without --finish first`,
		);
	}
	if (old === undefined || isRevoked(old.entry, now)) {
		return describeUnchanged(draft, `the document is without #${oldFragment}, or has it revoked`);
	}
	if (old.list === "publicKey") {
		const changedAt = parseDateTime(orgJson.updated) ?? parseDateTime(orgJson.created) ?? 0;
		if (changedAt + overlapSeconds > now) throw tooEarly(changedAt + overlapSeconds);
		remove(subject, rotation);
	} else {
		if (old.entry["verificationMethodRevocation"] !== undefined && overlapSeconds !== 0) {
			return describeUnchanged(draft, `the document has the date from which #${oldFragment} is revoked`);
		}
		revoke(old, now);
	}
	return describeDocument(draft, subject, rebuild(draft, []), undefined);
}

function findKey(subject: JsonObject, { did }: Rotation, fragment: string): Place | undefined {
	for (const list of LISTS) {
		const entries = Array.isArray(subject[list]) ? (subject[list] as unknown[]) : [];
		const entry = entries.find(
			(one) =>
				typeof one === "object" &&
				canonicalizeId((one as JsonObject | null)?.["id"], did) === `${did.did}#${fragment}`,
		);
		if (entry !== undefined) return { list, entry: entry as JsonObject };
	}
	return undefined;
}

function isKeyOf({ methods }: OrgJson, { did }: Rotation, fragment: string, key: PublicKey): boolean {
	const method = methods.find(({ id }) => id === `${did.did}#${fragment}`);
	return method !== undefined && thumbprint(importVerificationKey(method)) === thumbprint(key);
}

function requireSameKey({ rotation, orgJson }: Draft, given: PublicKey | undefined): void {
	const { flags, newFragment } = rotation;
	const isMissing = given === undefined && flags.out !== undefined;
	if (!isMissing && (given === undefined || isKeyOf(orgJson, rotation, newFragment, given))) return;
	const which = flags.out === undefined ? "--public-key" : "--out";
	throw invalidOption(which.slice(2), `the key that the document has as #${newFragment} already`, {
		label: which,
	});
}

/** Readers refuse the key from this date on (docs/formats.md). */
function revoke({ entry }: Place, at: number): void {
	const revocation = { reason: "Superseded", invalidityDate: formatDateTime(Math.floor(at)) };
	(entry as Record<string, unknown>)["verificationMethodRevocation"] = revocation;
}

function remove(subject: Record<string, unknown>, { did, oldFragment }: Rotation): void {
	for (const list of LISTS) {
		const entries = subject[list];
		if (!Array.isArray(entries)) continue;
		subject[list] = entries.filter((one: unknown) => {
			const id = typeof one === "string" ? one : (one as JsonObject | null)?.["id"];
			return canonicalizeId(id, did) !== `${did.did}#${oldFragment}`;
		});
	}
}

function rebuild(
	{ now, subject, old }: Draft,
	verificationMethods: readonly { readonly fragment: string; readonly publicKey: PublicKey }[],
): Record<string, unknown> {
	const generation =
		old?.list === "publicKey" ? "0.x" : old?.list === "verificationMethod" ? "1.x" : generationOf(subject);
	return buildDocument({
		did: String(subject["id"]),
		generation,
		existing: subject,
		verificationMethods,
		now,
	});
}

function tooEarly(endsAt: number): ConfigError {
	return new ConfigError(
		"config/usage",
		`the overlap ends at ${formatTime(Math.ceil(endsAt))}: wait, or end it now with --overlap 0s`,
	);
}

function describeUnchanged({ rotation }: Draft, what: string): Outcome {
	const { did } = rotation;
	const data = { did: did.did, place: "document", changed: false, next: [] };
	return { data, text: `${what}: nothing is left to do` };
}

/** The document, then what to do with it; where the document goes to standard output, the rest does not. */
async function describeDocument(
	draft: Draft,
	before: JsonObject,
	document: Record<string, unknown>,
	finishAt: number | undefined,
): Promise<Outcome> {
	const { rotation } = draft;
	const { context, flags, did, finishCommand } = rotation;
	const hash = hashDocument(encodeDocument(document));
	const next = [
		...publishingCommands(draft, before, flags.documentOut ?? "org.json"),
		...(finishAt === undefined ? [] : [finishCommand]),
	];
	const target = flags.documentOut === undefined ? {} : { out: flags.documentOut };
	const force = flags.force === undefined ? {} : { force: flags.force };
	const there = flags.force === true ? undefined : await describeWritten(draft, document, next, finishAt);
	if (there !== undefined) return there;
	const facts = { did: did.did, place: "document", changed: true, hash, next };
	const after = finishAt === undefined ? {} : { finishAt: Math.ceil(finishAt) };
	const outcome = writeDocument(
		context,
		document,
		{ ...target, ...force, json: flags.json === true },
		{ ...facts, ...after },
	);
	const steps = describeSteps(next, finishAt);
	if (outcome.isExact) context.stderr(`${steps}\n`);
	return outcome.isExact || flags.json === true ? outcome : { ...outcome, text: `${outcome.text}\n${steps}` };
}

/** The same call again, before anything was published: the file stands. */
async function describeWritten(
	{ rotation, now }: Draft,
	document: JsonObject,
	next: readonly string[],
	finishAt: number | undefined,
): Promise<Outcome | undefined> {
	const { context, flags, did, oldFragment } = rotation;
	const file = flags.documentOut;
	if (file === undefined || file === "-") return undefined;
	const findOld = (one: JsonObject): JsonObject | undefined => findKey(one, rotation, oldFragment)?.entry;
	const written = await findWritten(context, file, document, findOld);
	if (written === undefined) return undefined;
	const { hash, writtenAt } = written;
	const endsAt = finishAt === undefined ? undefined : Math.ceil(finishAt - now + writtenAt);
	const facts = { did: did.did, place: "document", changed: false, hash, file, next };
	const text = `${formatValue(file)} holds the rotation already\nhash ${hash}\n${describeSteps(next, endsAt)}`;
	return { data: { ...facts, ...(endsAt === undefined ? {} : { finishAt: endsAt }) }, text };
}

function describeSteps(next: readonly string[], finishAt: number | undefined): string {
	const when = finishAt === undefined ? "" : `; the last one after ${formatTime(Math.ceil(finishAt))}`;
	return `publish the document${when}:\n${next.map((command) => `  ${command}`).join("\n")}`;
}

function publishingCommands({ rotation, orgJson }: Draft, subject: JsonObject, file: string): string[] {
	const { flags, did, record } = rotation;
	const settings = repeatedFlags(flags);
	const check = toCommand(["document", "check", "--did", did.did, ...withoutOwner(settings)]);
	if (record.documentEvidence === "proof") {
		const method = signingMethod(orgJson, subject);
		const sign = ["document", "sign", file, "--key", "KEY", "--method", method, "--out", "signed.json"];
		return [toCommand(sign), check];
	}
	const uris = (record.document?.uris ?? ["URI"]).flatMap((uri) => ["--document-uri", uri]);
	const set = ["org", "set-document", did.did, ...uris, "--document-file", file, ...settings];
	return [toCommand(set), check];
}

function withoutOwner(words: readonly string[]): readonly string[] {
	const at = words.indexOf("--owner-key");
	return at < 0 ? words : [...words.slice(0, at), ...words.slice(at + 2)];
}

/** Whoever signed the last one; else the first account of the document. */
function signingMethod({ credential, methods }: OrgJson, subject: JsonObject): string {
	const proof = credential?.["proof"] as JsonObject | undefined;
	const signer = proof?.["verificationMethod"];
	if (typeof signer === "string") return signer;
	const account = methods.find((method) => method["blockchainAccountId"] !== undefined);
	return account?.id ?? `${String(subject["id"])}#NAME`;
}
