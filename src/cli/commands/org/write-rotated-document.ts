/**
 * The outcome of rotating a key in a document: the new document, and the commands that publish it.
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { encodeDocument } from "../../../document/build-document.js";
import { hashDocument } from "../../../document/document-hash.js";
import { parseDocumentJson } from "../../../document/document-json.js";
import type { OrgJson } from "../../../document/org-json.js";
import { parseDateTime } from "../../../encoding/date-time.js";
import { formatTimeAway } from "../../../encoding/format-time.js";
import type { JsonObject } from "../../../encoding/json.js";
import { formatValue, isOrgpassError } from "../../../errors/errors.js";
import { readDocumentBytes, writeDocument } from "../../document-file.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import type { Outcome } from "../../outcome.js";
import type { Rotation } from "./rotation.js";

export interface RotatedDocument {
	/** Builds the document as of a time, in seconds since the epoch. */
	readonly build: (at: number) => JsonObject;
	readonly now: number;
	/** Whether the old key must be removed with `--finish` after the overlap. */
	readonly needsFinish: boolean;
}

/** The outcome if there is nothing to change. */
export function toUnchangedOutcome({ did }: Rotation, reason: string): Outcome {
	const data = { did: did.did, place: "document", changed: false, next: [] };
	return { data, text: `${reason}: nothing left to do` };
}

/** Writes the document, unless an earlier run already wrote the same one. */
export async function writeRotatedDocument(
	rotation: Rotation,
	orgJson: OrgJson,
	{ build, now, needsFinish }: RotatedDocument,
): Promise<Outcome> {
	const { context, flags, did, finishCommand, overlapSeconds } = rotation;
	const { documentOut, force = false, json = false } = flags;
	const document = build(now);
	const next = [
		...publishingCommands(rotation, orgJson, document, documentOut ?? "org.json"),
		...(needsFinish ? [finishCommand] : []),
	];
	const facts = (at: number): object => ({
		...{ did: did.did, place: "document", next },
		...(needsFinish ? { finishAt: Math.ceil(at + overlapSeconds) } : {}),
	});
	const steps = (at: number): string => {
		const when = needsFinish ? `; run the last command after ${formatTimeAway(Math.ceil(at + overlapSeconds))}` : "";
		return `publish the document${when}:\n${next.map((command) => `  ${command}`).join("\n")}`;
	};
	const writtenAt = force ? undefined : await findWritten(rotation, build);
	if (writtenAt !== undefined) {
		const hash = hashDocument(encodeDocument(build(writtenAt)));
		const text = `${formatValue(documentOut)} already contains the rotation\nhash ${hash}\n${steps(writtenAt)}`;
		return { data: { ...facts(writtenAt), changed: false, hash, file: documentOut }, text };
	}
	const outcome = writeDocument(context, document, { out: documentOut, force, json }, { ...facts(now), changed: true });
	if (outcome.isExact) context.stderr(`${steps(now)}\n`);
	return outcome.isExact || json ? outcome : { ...outcome, text: `${outcome.text}\n${steps(now)}` };
}

/** Returns the `updated` date of the document in `--document-out` if it differs from this one only in that date. */
async function findWritten(
	{ context, flags: { documentOut } }: Rotation,
	build: (at: number) => JsonObject,
): Promise<number | undefined> {
	if (documentOut === undefined || documentOut === "-") return undefined;
	if (!existsSync(resolve(context.cwd, documentOut))) return undefined;
	try {
		const bytes = await readDocumentBytes(context, documentOut);
		const writtenAt = parseDateTime(parseDocumentJson(bytes)["updated"]);
		if (writtenAt === undefined) return undefined;
		return hashDocument(encodeDocument(build(writtenAt))) === hashDocument(bytes) ? writtenAt : undefined;
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

function publishingCommands(
	{ flags, did, record }: Rotation,
	orgJson: OrgJson,
	document: JsonObject,
	file: string,
): string[] {
	const { ownerKey: _, ...settings } = flags;
	const check = toCommand(["document", "check", "--did", did.did, ...repeatedFlags(settings)]);
	if (record.documentEvidence === "proof") {
		const method = signingMethod(orgJson, document);
		const sign = ["document", "sign", file, "--key", "KEY", "--method", method, "--out", "signed.json"];
		return [toCommand(sign), check];
	}
	const uris = (record.document?.uris ?? ["URI"]).flatMap((uri) => ["--document-uri", uri]);
	const set = ["org", "set-document", did.did, ...uris, "--document-file", file, ...repeatedFlags(flags)];
	return [toCommand(set), check];
}

/** The method that signed the current document, or the first account in it. */
function signingMethod({ credential, methods }: OrgJson, document: JsonObject): string {
	const proof = credential?.["proof"] as JsonObject | undefined;
	const signer = proof?.["verificationMethod"];
	if (typeof signer === "string") return signer;
	const account = methods.find((method) => method["blockchainAccountId"] !== undefined);
	return account?.id ?? `${String(document["id"])}#NAME`;
}
