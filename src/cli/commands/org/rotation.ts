/**
 * A key rotation: its options, and what rotating on chain and in a document have in common.
 * @module
 */
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import { formatTimeAway } from "../../../encoding/format-time.js";
import { ConfigError } from "../../../errors/errors.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { invalidOption } from "../../../options/invalid-option.js";
import type { OrgRecord } from "../../../registry/org-record.js";
import type { Registry } from "../../../registry/registry.js";
import type { CliContext } from "../../context.js";
import type { OwnerFlags } from "../../organization.js";
import type { DocumentFetchFlags } from "../../settings/document-fetching.js";
import type { ChainSettings } from "../../settings/network.js";

export interface RotateFlags extends OwnerFlags, DocumentFetchFlags {
	readonly fragment?: string;
	readonly newFragment: string;
	readonly publicKey?: string;
	readonly keyPassword?: string;
	readonly out?: string;
	readonly validUntil?: number;
	readonly overlap: string;
	readonly wait?: boolean;
	readonly finish?: boolean;
	readonly from?: string;
	readonly documentOut?: string;
	readonly force?: boolean;
}

/** A rotation, wherever the key is. */
export interface Rotation {
	readonly context: CliContext;
	readonly flags: RotateFlags;
	readonly registry: Registry;
	readonly chain: ChainSettings;
	readonly did: CanonicalDidUrl;
	readonly record: OrgRecord;
	readonly oldFragment: string;
	readonly newFragment: string;
	readonly overlapSeconds: number;
	/** The command that completes the rotation, to run after the overlap. */
	readonly finishCommand: string;
	/** Loads the new key from `--public-key` or from the file that `--out` wrote earlier, or generates it if needed. */
	findNewKey(isNeeded: boolean): Promise<PublicKey | undefined>;
}

/** Refuses a new key if the new name already has another one; no key at all is fine, unless `--out` is given. */
export async function assertSameNewKey(
	{ flags, newFragment, findNewKey }: Rotation,
	place: string,
	isSame: (key: PublicKey) => boolean,
): Promise<void> {
	const key = await findNewKey(false);
	if (key === undefined ? flags.out === undefined : isSame(key)) return;
	throw invalidOption(keyFlag(flags), `the key that ${place} already has as #${newFragment}`);
}

/** The option that gives the new key. */
export function keyFlag({ out }: RotateFlags): string {
	return out === undefined ? "--public-key" : "--out";
}

/** The error for a rotation that `--finish` would end before the overlap is over. */
export function tooEarly(endsAt: number): ConfigError {
	const message = `the overlap ends at ${formatTimeAway(Math.ceil(endsAt))}: wait, or end it now with --overlap 0s`;
	return new ConfigError("config/usage", message, { details: { hint: "" } });
}
