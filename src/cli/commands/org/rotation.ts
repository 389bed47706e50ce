/**
 * A key rotation: the flags that ask for it, and what both ways of doing it need.
 * @module
 */
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import type { PublicKey } from "../../../keys/public-key.js";
import type { OrgRecord } from "../../../registry/org-record.js";
import type { Registry } from "../../../registry/registry.js";
import type { CliContext } from "../../context.js";
import type { OwnerFlags } from "../../organization.js";
import type { DocumentFetchFlags } from "../../settings/document-fetching.js";
import type { ChainSettings } from "../../settings/network.js";

/** The flags of `org rotate-key`. */
export interface RotateFlags extends OwnerFlags, DocumentFetchFlags {
	readonly fragment?: string;
	readonly newFragment: string;
	readonly publicKey?: string;
	readonly keyPassword?: string;
	readonly out?: string;
	readonly overlap?: string;
	readonly wait?: boolean;
	readonly finish?: boolean;
	readonly from?: string;
	readonly documentOut?: string;
	readonly force?: boolean;
}

/** A rotation, wherever the key stands. */
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
	/** The command that ends it, to be run when the overlap is over. */
	readonly finishCommand: string;
	/** The new key that is given; from the file of `--out`, where it was written before; else a new one. */
	findNewKey(isNeeded: boolean): Promise<PublicKey | undefined>;
}
