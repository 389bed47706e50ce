/**
 * Records as texts that instances share, and how they are checked: the store may hold anything.
 * @module
 */
import * as v from "valibot";
import { isFragment, isOrgId } from "../../did/did-url.js";
import { parseJson } from "../../encoding/json.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { decodeAddress } from "../../keys/address.js";
import { wholeNumber } from "../../options/schemas.js";
import { epochSeconds, positiveInteger } from "../../options/value-schemas.js";
import { freezeDeeply } from "../../registry/bound-adapter.js";
import type { OnChainKey, OrgRecord } from "../../registry/org-record.js";

/** Longer records aren't shared: at most a mebibyte of UTF-8, with the authentication. */
export const MAX_STORED_CHARACTERS: number = 2 ** 18;

/** How far the clocks of two instances may differ before a record seems to be from the future. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** What a record has to be about. */
export type RecordSubject = Pick<OrgRecord, "did" | "chainId" | "orgId" | "registry">;

/** A record, undefined if there is no such organization, and how long ago it was read, at least. */
export interface AgedRecord {
	readonly record: OrgRecord | undefined;
	readonly ageSeconds: number;
}

const count = v.pipe(wholeNumber("a count"), v.minValue(0));
const hash = v.pipe(v.string(), v.regex(/^0x[\da-f]{64}$/));
const address = v.pipe(
	v.string(),
	v.check((text) => decodeAddress(text) === text && text.startsWith("0x")),
);
const orgId = v.pipe(v.string(), v.check<string>(isOrgId));

/** The shape of {@link OnChainKey}. */
export const onChainKey: v.GenericSchema = v.strictObject({
	fragment: v.pipe(v.string(), v.check(isFragment)),
	publicKeyHex: v.pipe(v.string(), v.regex(/^0x04[\da-f]{128}$/)),
	validFrom: count,
	validUntil: count,
	addedAt: count,
	revokedAt: count,
} satisfies Record<keyof OnChainKey, v.GenericSchema>);

const orgRecord = v.strictObject({
	did: v.string(),
	kind: v.string(),
	documentEvidence: v.picklist(["hash", "proof"]),
	chainId: count,
	registry: v.string(),
	orgId,
	owner: address,
	director: v.optional(address),
	active: v.boolean(),
	parentOrgId: v.optional(orgId),
	document: v.optional(v.strictObject({ uris: v.array(v.string()), hash: v.optional(hash) })),
	delegates: v.optional(v.array(v.string())),
	keys: v.array(onChainKey),
	blockNumber: positiveInteger,
	blockTimestamp: v.optional(count),
} satisfies Record<keyof OrgRecord, v.GenericSchema>);

/** When a record was read, and when it was stored. */
export interface StoredTimes {
	/** In seconds since the epoch, by the clock of the instance that read it. */
	readonly readAt: number;
	/** How long ago that was when it was stored. */
	readonly ageMs: number;
	/** How long the store was told to keep it. */
	readonly keptMs: number;
}

interface Stored extends StoredTimes {
	readonly record: OrgRecord | null;
}

const stored = v.strictObject({
	readAt: epochSeconds,
	ageMs: count,
	keptMs: count,
	record: v.nullable(orgRecord),
} satisfies Record<keyof Stored, v.GenericSchema>);

export function encodeRecord(record: OrgRecord | undefined, times: StoredTimes): string {
	return JSON.stringify({ ...times, record: record ?? null } satisfies Stored);
}

/**
 * Undefined if it isn't a record of the subject. Its age is by two clocks, whichever says more: the store's, which is the
 * same for all instances, and ours, which a store can't change.
 */
export function decodeRecord(
	text: string,
	leftMs: number,
	subject: RecordSubject,
	wallNow: number,
): AgedRecord | undefined {
	const value = text.length > MAX_STORED_CHARACTERS ? undefined : undefinedOnError(() => parseJson(text));
	if (!v.is(stored, value)) return undefined;
	const { readAt, ageMs, keptMs, record: found } = value as Stored;
	const record = found === null ? undefined : found;
	if (record !== undefined && !isAbout(record, subject)) return undefined;
	const age = wallNow - readAt;
	if (age < -CLOCK_TOLERANCE_SECONDS) return undefined;
	const ageInStore = (ageMs + keptMs - leftMs) / 1_000;
	return { record: freezeDeeply(record), ageSeconds: Math.max(age, ageInStore, 0) };
}

function isAbout(record: OrgRecord, { did, chainId, orgId, registry }: RecordSubject): boolean {
	if (record.did !== did || record.chainId !== chainId || record.orgId !== orgId) return false;
	const names = new Set(record.keys.map(({ fragment }) => fragment));
	const isUnrevoked = record.keys.every(({ revokedAt }) => revokedAt === 0);
	return record.registry === registry && isUnrevoked && names.size === record.keys.length;
}
