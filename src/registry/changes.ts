/**
 * The changes of a registry, from their arguments to the receipt.
 * @module
 */
import { formatDidUrl, isOrgId, type OrgId } from "../did/did-url.js";
import { encodeHex } from "../encoding/hex.js";
import { RegistryError } from "../errors/errors.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import type { ChangeName, ContractCall, ContractReader } from "./adapters/adapter.js";
import type { BoundAdapter } from "./bound-adapter.js";
import { readChainId } from "./chain-reads.js";
import { attempt } from "./connection.js";
import { toQuantity } from "./quantity.js";
import type { CreateReceipt, NewOrganization, RegistryChanges, WriteReceipt } from "./registry-changes.js";
import { senderOf } from "./sender-of.js";
import type { TransactionOutcome } from "./transaction.js";
import type { TransactionAccount } from "./transaction-account.js";
import { assertOrgId, newKey, newOrganization, optionalDocument } from "./write-options.js";

const KEYS = "keys on chain: they are in the organization's document";

/** The feature that the error names if it is missing, and the check of the argument after the organization's id. */
const CHANGES: Readonly<Record<ChangeName, [feature: string, assertArgument?: (argument: unknown) => void]>> = {
	setDocument: ["document", (document) => assertOptions(optionalDocument, document, "setDocument")],
	addKey: [KEYS, (key) => assertOptions(newKey, key, "addKey")],
	revokeKey: [KEYS],
	revokeAllKeys: [KEYS],
	setActive: ["active state: the document says whether an organization is deactivated"],
	transferOwnership: ["transfer of ownership"],
	transferDirectorship: ["director"],
	acceptDirectorship: ["director"],
	addDelegates: ["delegates", assertDelegates],
	removeDelegates: ["delegates", assertDelegates],
};

/** What a change needs from its registry. */
export interface ChangeContext {
	readonly chainId: number;
	/** Absent if nobody is connected. */
	readonly loadAccount: (() => Promise<TransactionAccount>) | undefined;
	/** Connects on the first call. */
	readonly open: () => Promise<BoundAdapter>;
}

type Composer = (
	reader: ContractReader,
	orgId: OrgId,
	argument: unknown,
) => ContractCall | Promise<ContractCall | undefined>;

export function createChanges(context: ChangeContext): RegistryChanges {
	const methods = (Object.keys(CHANGES) as ChangeName[]).map((name) => [
		name,
		(orgId: OrgId, argument?: unknown) => change(context, name, orgId, argument),
	]);
	return {
		createOrganization: (organization = {}) => createOrganization(context, organization),
		...Object.fromEntries(methods),
	};
}

async function createOrganization(context: ChangeContext, organization: NewOrganization): Promise<CreateReceipt> {
	assertOptions(newOrganization, organization, "createOrganization");
	const { salt = encodeHex(crypto.getRandomValues(new Uint8Array(32))), document } = organization;
	const account = await loadAccount(context);
	const bound = await context.open();
	const { adapter } = bound;
	const call = adapter.writes.createOrganization(salt, document);
	const { events, ...receipt } = await send(context, account, bound, call);
	const [creation, ...others] = events.filter(({ name }) => name === adapter.creationEvent);
	const orgId: unknown = creation?.args["orgId"];
	const { transactionHash } = receipt;
	const refuse = (what: string): RegistryError => {
		const message = `the logs of ${transactionHash} show ${what}`;
		return new RegistryError("registry/bad-response", message, { details: { transactionHash } });
	};
	// Another account's transaction may be in the same bundle.
	if (others.length > 0) throw refuse("several new organizations");
	if (!isOrgId(orgId)) throw refuse("no new organization");
	// A node could have someone take its own organization for theirs.
	const creator = senderOf(account);
	const ownId = creator && adapter.deriveOrgId?.(creator, salt);
	if (ownId !== undefined && ownId !== orgId) throw refuse("another account's organization");
	return { did: formatDidUrl({ chainId: context.chainId, orgId }), orgId, ...receipt };
}

async function change(
	context: ChangeContext,
	name: ChangeName,
	orgId: OrgId,
	argument: unknown,
): Promise<WriteReceipt | undefined> {
	assertOrgId(orgId);
	const [feature, assertArgument] = CHANGES[name];
	assertArgument?.(argument);
	const account = await loadAccount(context);
	const bound = await context.open();
	const compose = bound.adapter.writes[name] as Composer | undefined;
	if (compose === undefined) {
		const kind = bound.adapter.name;
		const message = `a registry of kind ${kind} has no ${feature}`;
		throw new RegistryError("registry/unsupported", message, { details: { kind } });
	}
	const call = await compose(bound.reader, orgId, argument);
	if (call === undefined) return undefined;
	const { events: _, ...receipt } = await send(context, account, bound, call);
	return receipt;
}

async function send(
	{ chainId }: ChangeContext,
	account: TransactionAccount,
	{ adapter, connection }: BoundAdapter,
	[name, args, isDone]: ContractCall,
): Promise<TransactionOutcome> {
	await assertChain(account, chainId);
	const { sendTransaction } = await import("./transaction.js");
	const target = { to: connection.address, chainId: toQuantity(chainId) };
	const outcome = await sendTransaction(account, target, adapter, name, args);
	if (isDone === undefined || isDone(outcome.events)) return outcome;
	const details = { transactionHash: outcome.transactionHash };
	const message = "another transaction changed the organization in the meantime";
	throw new RegistryError("registry/reverted", message, { details });
}

async function loadAccount({ loadAccount: load }: ChangeContext): Promise<TransactionAccount> {
	if (load !== undefined) return load();
	throw invalidOption("account", "connected to the registry to write", { label: "an account" });
}

/** A signed transaction is sent through the account's own node, which may be on another chain. */
async function assertChain({ provider }: TransactionAccount, chainId: number): Promise<void> {
	const actual = provider === null ? undefined : await attempt(provider, () => readChainId(provider));
	if (actual === chainId) return;
	const details = { expected: chainId, actual };
	throw invalidOption("account", `on chain ${chainId}, got ${actual ?? "none"}`, { details });
}

function assertDelegates(delegates: unknown): void {
	const isText = (delegate: unknown): boolean => typeof delegate === "string" && delegate !== "";
	if (Array.isArray(delegates) && delegates.length > 0 && delegates.every(isText)) return;
	throw invalidOption("delegates", "a non-empty array of DID URLs", { got: delegates });
}
