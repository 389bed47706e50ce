/**
 * Rotates a key in the registry. The contract stores when a key was added, so later runs can tell when the overlap
 * ends.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { formatTime, formatTimeAway } from "../../../encoding/format-time.js";
import { DidError, RegistryError } from "../../../errors/errors.js";
import { invalidOption } from "../../../options/invalid-option.js";
import type { OnChainKey } from "../../../registry/org-record.js";
import type { WriteReceipt } from "../../../registry/registry-changes.js";
import { printNote } from "../../note.js";
import { usageError } from "../../options.js";
import { withAccount } from "../../organization.js";
import type { Outcome } from "../../outcome.js";
import { waitFor } from "../../progress.js";
import { assertSameNewKey, keyFlag, type Rotation, tooEarly } from "./rotation.js";
import { isSameKey, otherNamesOf, STILL_VALID, warnOfNames } from "./same-key.js";

const MINUTE_SECONDS = 60;

interface Done {
	readonly added?: WriteReceipt;
	readonly revoked?: WriteReceipt;
}

/** Adds the new key unless it is already there, and revokes the old one after the overlap. */
export async function rotateOnChain(rotation: Rotation): Promise<Outcome> {
	const { flags, overlapSeconds } = rotation;
	const old = await readKey(rotation, rotation.oldFragment);
	const existing = await readKey(rotation, rotation.newFragment);
	if (old === undefined) throw new DidError("did/key-not-found", `there is no key #${rotation.oldFragment}`);
	assertEnd(rotation, existing);
	if (existing !== undefined && existing.revokedAt !== 0) {
		throw new DidError("did/key-revoked", `#${existing.fragment} was revoked: names can't be reused`);
	}
	if (existing === undefined) {
		assertCanBegin(rotation, old);
		return sendTransactions(rotation, old, existing);
	}
	if (!flags.finish) await assertSameNewKey(rotation, "the chain", (key) => isSameKey(key, existing));
	if (old.revokedAt !== 0) return toOutcome(rotation, existing, old, {});
	const endsAt = existing.addedAt + overlapSeconds;
	if (flags.finish && endsAt > Date.now() / 1_000) throw tooEarly(endsAt);
	const isPending = overlapSeconds !== 0 && !flags.finish && !flags.wait;
	return isPending ? toOutcome(rotation, existing, old, {}) : sendTransactions(rotation, old, existing);
}

async function sendTransactions(
	rotation: Rotation,
	old: OnChainKey,
	existing: OnChainKey | undefined,
): Promise<Outcome> {
	const { context, flags, chain, did, newFragment: fragment, overlapSeconds } = rotation;
	const publicKey = existing === undefined ? await rotation.findNewKey(true) : undefined;
	if (publicKey !== undefined && old.validUntil !== 0 && flags.validUntil === undefined) {
		printNote(context, `#${old.fragment} has an end, #${fragment} gets none: --valid-until sets one`);
	}
	if (publicKey !== undefined && isSameKey(publicKey, old)) {
		throw invalidOption(keyFlag(flags), "a key other than the old one");
	}
	return withAccount(context, flags, chain, async (account) => {
		const registry = rotation.registry.connect(account);
		const added =
			publicKey && (await registry.addKey(did.orgId, { fragment, publicKey, validUntil: flags.validUntil ?? 0 }));
		const newKey = existing ?? (await readKey(rotation, fragment, added?.blockNumber));
		if (newKey === undefined) throw new RegistryError("registry/outdated", `the node doesn't show #${fragment} yet`);
		const done = added === undefined ? {} : { added };
		if (overlapSeconds !== 0 && !flags.finish) {
			if (!flags.wait) return toOutcome(rotation, newKey, old, done);
			await waitUntil(rotation, old, newKey.addedAt + overlapSeconds);
		}
		const revoked = await registry.revokeKey(did.orgId, old.fragment);
		warnOfNames(context, otherNamesOf(rotation.record.keys, old.fragment), STILL_VALID);
		return toOutcome(rotation, newKey, old, { ...done, revoked });
	});
}

/** A node may be behind the one that had the transaction. */
function readKey({ registry, did }: Rotation, fragment: string, minBlock?: number): Promise<OnChainKey | undefined> {
	return registry.readKey(did.orgId, fragment, { minBlock });
}

/** Refuses another end than that of a new key which is already there. */
function assertEnd({ flags, newFragment }: Rotation, existing: OnChainKey | undefined): void {
	const { validUntil } = flags;
	if (existing === undefined || validUntil === undefined || validUntil === existing.validUntil) return;
	const end = existing.validUntil === 0 ? "no end" : `the end ${formatTime(existing.validUntil)}`;
	throw invalidOption("--valid-until", `left out: #${newFragment} is already on chain, with ${end}`);
}

function assertCanBegin({ flags, newFragment }: Rotation, old: OnChainKey): void {
	if (flags.finish) throw usageError(`#${newFragment} isn't on chain yet: run without --finish first`);
	if (old.revokedAt === 0) return;
	throw new DidError(
		"did/key-revoked",
		`#${old.fragment} was revoked at ${formatTimeAway(old.revokedAt)}: add a new key with \`org add-key\``,
	);
}

async function waitUntil({ context, finishCommand }: Rotation, old: OnChainKey, endsAt: number): Promise<void> {
	for (;;) {
		const seconds = Math.ceil(endsAt - Date.now() / 1_000);
		if (seconds <= 0) return;
		printNote(context, `${formatBoth(old, endsAt)}; #${old.fragment} will be revoked in ${seconds} seconds`);
		// In steps, because timers stop while a laptop sleeps.
		const step = Math.min(seconds, MINUTE_SECONDS);
		try {
			await waitFor(context, "the end of the overlap", () =>
				sleep(step * 1_000, undefined, { signal: context.signal }),
			);
		} catch (error) {
			context.stderr(
				`interrupted: the new key is on chain and #${old.fragment} is ${formatValidity(old, endsAt)}; ` +
					`after ${formatTimeAway(endsAt)} run\n  ${finishCommand}\n`,
			);
			throw error;
		}
	}
}

/** How long the old key is valid: an overlap doesn't prolong that. */
function formatValidity({ validUntil }: OnChainKey, overlapEndsAt: number): string {
	if (!endsEarly(validUntil, overlapEndsAt)) return "still valid";
	const isOver = validUntil <= Date.now() / 1_000;
	return `${isOver ? "no longer valid since" : "valid only until"} ${formatTimeAway(validUntil)}, its own end`;
}

function formatBoth(old: OnChainKey, overlapEndsAt: number): string {
	const isEarly = endsEarly(old.validUntil, overlapEndsAt);
	return isEarly ? `#${old.fragment} is ${formatValidity(old, overlapEndsAt)}` : "both keys are valid";
}

function endsEarly(validUntil: number, overlapEndsAt: number): boolean {
	return validUntil !== 0 && validUntil < overlapEndsAt;
}

function toOutcome(rotation: Rotation, newKey: OnChainKey, old: OnChainKey, done: Done): Outcome {
	const { did, overlapSeconds, finishCommand } = rotation;
	const keyId = `${did.did}#${newKey.fragment}`;
	const oldKeyId = `${did.did}#${old.fragment}`;
	const isRevoked = done.revoked !== undefined || old.revokedAt !== 0;
	const revokeAt = newKey.addedAt + overlapSeconds;
	const transactions = [done.added, done.revoked].flatMap((receipt) => receipt ?? []);
	const state =
		done.revoked !== undefined
			? `revoked ${oldKeyId}`
			: isRevoked
				? `already revoked at ${formatTimeAway(old.revokedAt)}: ${oldKeyId}; nothing left to do`
				: `${formatValidity(old, revokeAt)}: ${oldKeyId}; after ${formatTimeAway(revokeAt)} run\n  ${finishCommand}`;
	const lines = [
		`${done.added === undefined ? "already added:" : "added"} ${keyId}`,
		...(newKey.validUntil === 0 ? [] : [`valid until ${formatTimeAway(newKey.validUntil)}`]),
		state,
		...transactions.map(({ transactionHash }) => `transaction ${transactionHash}`),
	];
	const facts = { did: did.did, place: "registry", keyId, oldKeyId, added: done.added !== undefined };
	const end = old.validUntil === 0 ? {} : { oldValidUntil: old.validUntil };
	const when = isRevoked ? {} : { revokeAt, ...end };
	const next = isRevoked ? [] : [finishCommand];
	return { data: { ...facts, revoked: isRevoked, ...when, transactions, next }, text: lines.join("\n") };
}
