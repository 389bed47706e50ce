/**
 * Block numbers that a node invented: they must not make an organization unreadable until the resolver is closed.
 * @module
 */
import type { OrgId } from "../did/did-url.js";
import { isOrgpassError } from "../errors/errors.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { RegistryReader } from "../registry/registry.js";

/** A node whose last block is this recent isn't further behind than the chain grows in this time. */
const RECENT_SECONDS = 60;
/** More blocks than any chain adds in this time. */
const MAX_BEHIND = 20_000;

/**
 * After a read failed because the state is far behind the block expected: reads the state all the same, if its block is
 * recent. Otherwise throws the error. `now` is in seconds since the epoch.
 */
export async function readRecent(
	error: unknown,
	registry: RegistryReader,
	orgId: OrgId,
	now: number,
): Promise<OrgRecord> {
	if (!isFarBehind(error)) throw error;
	const record = await registry.read(orgId);
	if (record?.blockTimestamp === undefined || Math.abs(now - record.blockTimestamp) > RECENT_SECONDS) throw error;
	return record;
}

/** Whether a recent state shows that a block can't exist yet. */
export function disproves({ blockNumber }: OrgRecord, block: number): boolean {
	return block - blockNumber > MAX_BEHIND;
}

function isFarBehind(error: unknown): boolean {
	if (!isOrgpassError(error) || error.code !== "registry/outdated") return false;
	return Number(error.details["expected"]) - Number(error.details["actual"]) > MAX_BEHIND;
}
