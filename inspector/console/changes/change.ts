/**
 * A change of the registry: in words before it is signed, and what the registry says afterwards.
 * @module
 */
import type { OrgId } from "orgpass/did";
import type { OrgRecord, Registry, WriteReceipt } from "orgpass/registry";

/** Who may make a change. */
export type Signer = "anyone" | "owner" | "owner or director" | "proposed director";

/** What the registry says after a change. */
export interface Confirmation {
	/** Whether it shows the change. */
	readonly isShown: boolean;
	readonly words: string;
	/** The organization's DID. */
	readonly did: string;
}

/** One transaction. */
export interface Change {
	/** What it does, as a command: `Register the key #webserver`. */
	readonly title: string;
	/** What it leads to, in sentences. */
	readonly effects: readonly string[];
	/** The values that are written, by their names. */
	readonly facts?: Readonly<Record<string, string>>;
	readonly signer: Signer;
	/** The account that has to sign, if the change is about it. */
	readonly account?: string;
	/** The organization's DID; undefined for a new one. */
	readonly did: string | undefined;
	/** The words of the `orgpass` command that does the same, without the options for network and account. */
	readonly command: readonly string[];
	/** What to try or to do afterwards. */
	readonly next?: NextStep;
	/** Undefined if there is nothing to change. */
	send(registry: Registry): Promise<WriteReceipt | undefined>;
	/** Reads the result, at the block of the receipt or a later one. The account is the one that was to sign. */
	confirm(registry: Registry, receipt: WriteReceipt | undefined, account: string): Promise<Confirmation>;
}

/** What comes after a change. */
export type NextStep =
	| { readonly kind: "register" }
	| { readonly kind: "publish" }
	| { readonly kind: "sign"; readonly keyId: string; readonly keyFile: string }
	| { readonly kind: "accept"; readonly director: string }
	| { readonly kind: "revoke"; readonly fragment: string; readonly keyId: string; readonly keyFile: string };

/** An organization to change. */
export type Organization = Pick<OrgRecord, "did" | "orgId" | "owner" | "director" | "keys" | "documentEvidence">;

/** Reads an organization at the block of a receipt, and says what the registry says about it. */
export async function confirmRecord(
	registry: Registry,
	{ did, orgId }: { readonly did: string; readonly orgId: OrgId },
	receipt: WriteReceipt | undefined,
	describe: (record: OrgRecord) => { readonly isShown: boolean; readonly words: string },
): Promise<Confirmation> {
	const record = await registry.read(orgId, { minBlock: receipt?.blockNumber });
	if (record === undefined) return { did, isShown: false, words: "There is no such organization." };
	return { did, ...describe(record) };
}
