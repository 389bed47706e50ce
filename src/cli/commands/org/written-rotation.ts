/**
 * A rotation's document that an earlier run wrote: the same call again finds it and leaves it alone.
 * @module
 */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { hashDocument } from "../../../document/document-hash.js";
import { parseDocumentJson } from "../../../document/org-json.js";
import { parseDateTime } from "../../../encoding/date-time.js";
import type { Hex } from "../../../encoding/hex.js";
import type { JsonObject } from "../../../encoding/json.js";
import { isOrgpassError } from "../../../errors/errors.js";
import type { CliContext } from "../../context.js";
import { readDocumentBytes } from "../../document-file.js";

/** The file that is there. */
export interface WrittenRotation {
	readonly hash: Hex;
	/** When it was written, seconds since the epoch. */
	readonly writtenAt: number;
}

/** Dates are written in whole seconds, and times with milliseconds. */
const ROUNDING_SECONDS = 1;

/**
 * Looks whether a file holds what is to be written to it: the same document, but for the time it was made, from
 * which the revocation of the old key counts.
 */
export async function findWritten(
	context: CliContext,
	file: string,
	planned: JsonObject,
	findOld: (document: JsonObject) => JsonObject | undefined,
): Promise<WrittenRotation | undefined> {
	if (!existsSync(resolve(context.cwd, file))) return undefined;
	try {
		const bytes = await readDocumentBytes(context, file);
		const there = parseDocumentJson(bytes);
		if (!isSame(withoutTimes(there, findOld), withoutTimes(planned, findOld))) return undefined;
		return { hash: hashDocument(bytes), writtenAt: parseDateTime(there["updated"]) ?? 0 };
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

/** A document as text, and what its times say. */
interface Timeless {
	readonly text: string;
	readonly revokedAt: number;
	/** Seconds from the making of the document until then. */
	readonly overlap: number;
}

function withoutTimes(
	document: JsonObject,
	findOld: (document: JsonObject) => JsonObject | undefined,
): Timeless {
	const { created: _, updated, ...rest } = structuredClone(document);
	const revocation = findOld(rest)?.["verificationMethodRevocation"] as Record<string, unknown> | undefined;
	const revokedAt = parseDateTime(revocation?.["invalidityDate"]) ?? 0;
	if (revocation !== undefined) revocation["invalidityDate"] = null;
	return { text: JSON.stringify(rest), revokedAt, overlap: revokedAt - (parseDateTime(updated) ?? 0) };
}

function isSame(one: Timeless, other: Timeless): boolean {
	const isSameEnd = one.revokedAt === other.revokedAt;
	const isSameOverlap = Math.abs(one.overlap - other.overlap) <= ROUNDING_SECONDS;
	return one.text === other.text && (isSameEnd || isSameOverlap);
}
