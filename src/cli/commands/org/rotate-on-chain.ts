/**
 * The rotation of a key in the registry. The contract keeps when a key was added, so the end of the overlap is
 * known to every later run.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, DidError } from "../../../errors/errors.js";
import { exportPublicKey } from "../../../keys/export-public-key.js";
import { invalidOption } from "../../../options/invalid-option.js";
import type { OnChainKey } from "../../../registry/org-record.js";
import type { WriteReceipt } from "../../../registry/registry-changes.js";
import type { Outcome } from "../../command.js";
import { withAccount } from "../../organization.js";
import { formatTime } from "../../time.js";
import type { Rotation } from "./rotation.js";

const MINUTE_SECONDS = 60;

/** What was done in this run. */
interface Done {
	readonly added?: WriteReceipt;
	readonly revoked?: WriteReceipt;
}

/** Adds the new key unless it is there, and revokes the old one when its time has come. */
export async function rotateOnChain(rotation: Rotation): Promise<Outcome> {
	const { context, flags, chain, overlapSeconds } = rotation;
	const old = await readKey(rotation, rotation.oldFragment);
	const before = await readKey(rotation, rotation.newFragment);
	if (old === undefined) throw new DidError("did/key-not-found", `there is no key #${rotation.oldFragment}`);
	if (before !== undefined && before.revokedAt !== 0) {
		throw new DidError("did/key-revoked", `#${before.fragment} was revoked: a name can't be used again`);
	}
	if (before === undefined) refuseToBegin(rotation, old);
	else await requireSameKey(rotation, before);
	if (before !== undefined && old.revokedAt !== 0) return describeDone(rotation, before, old, {});
	const endsAt = before === undefined ? undefined : before.addedAt + overlapSeconds;
	const isOver = endsAt !== undefined && endsAt <= Date.now() / 1_000;
	if (flags.finish && !isOver && endsAt !== undefined) throw tooEarly(endsAt);
	const revokesNow = overlapSeconds === 0 || flags.finish === true;
	if (before !== undefined && !revokesNow && !flags.wait) return describeDone(rotation, before, old, {});

	const newKey = before === undefined ? await rotation.findNewKey(true) : undefined;
	return withAccount(context, flags, chain, async (account) => {
		const registry = rotation.registry.connect(account);
		const { orgId } = rotation.did;
		const { newFragment: fragment, oldFragment } = rotation;
		const isAdded = newKey !== undefined && !isSame(newKey, old);
		if (newKey !== undefined && !isAdded) {
			throw invalidOption("publicKey", "different from the old one", { label: "the new key" });
		}
		const added = newKey && (await registry.addKey(orgId, { fragment, publicKey: newKey }));
		const now = before ?? ((await readKey(rotation, fragment)) as OnChainKey);
		const done = added === undefined ? {} : { added };
		if (!revokesNow) {
			if (!flags.wait) return describeDone(rotation, now, old, done);
			await waitUntil(rotation, now.addedAt + overlapSeconds);
		}
		const revoked = await registry.revokeKey(orgId, oldFragment);
		return describeDone(rotation, now, old, { ...done, revoked });
	});
}

function readKey({ registry, did }: Rotation, fragment: string): Promise<OnChainKey | undefined> {
	return registry.readKey(did.orgId, fragment);
}

function refuseToBegin({ flags, newFragment }: Rotation, old: OnChainKey): void {
	if (flags.finish) {
		throw new ConfigError(
			"config/usage",
			`#${newFragment} isn't on chain yet: run it without --finish first`,
		);
	}
	if (old.revokedAt === 0) return;
	throw new DidError(
		"did/key-revoked",
		`#${old.fragment} was revoked at ${formatTime(old.revokedAt)}: add a new key with \`org add-key\``,
	);
}

/** The new name stands for a key already: it must be the one that is meant. */
async function requireSameKey(rotation: Rotation, there: OnChainKey): Promise<void> {
	const { flags } = rotation;
	if (flags.finish) return;
	const given = await rotation.findNewKey(false);
	const isMissing = given === undefined && flags.out !== undefined;
	if (!isMissing && (given === undefined || isSame(given, there))) return;
	const which = flags.out === undefined ? "--public-key" : "--out";
	throw invalidOption(which.slice(2), `the key that is on chain as #${there.fragment} already`, {
		label: which,
	});
}

function isSame(key: Parameters<typeof exportPublicKey>[0], { publicKeyHex }: OnChainKey): boolean {
	return exportPublicKey(key, "hex").replace(/^0x/, "") === publicKeyHex.replace(/^0x/, "");
}

function tooEarly(endsAt: number): ConfigError {
	return new ConfigError(
		"config/usage",
		`the overlap ends at ${formatTime(endsAt)}: wait, or end it now with --overlap 0s`,
	);
}

async function waitUntil({ context, oldFragment, finishCommand }: Rotation, endsAt: number): Promise<void> {
	for (;;) {
		const seconds = Math.ceil(endsAt - Date.now() / 1_000);
		if (seconds <= 0) return;
		context.stderr(`both keys are valid; #${oldFragment} will be revoked in ${seconds} seconds\n`);
		// Not in one go: a laptop that slept goes on at the right time.
		const step = Math.min(seconds, MINUTE_SECONDS);
		try {
			await sleep(step * 1_000, undefined, { signal: context.signal });
		} catch (error) {
			context.stderr(
				`interrupted: the new key is on chain and #${oldFragment} is still valid; ` +
					`after ${formatTime(endsAt)} run\n  ${finishCommand}\n`,
			);
			throw error;
		}
	}
}

function describeDone(rotation: Rotation, newKey: OnChainKey, old: OnChainKey, done: Done): Outcome {
	const { did, overlapSeconds, finishCommand } = rotation;
	const keyId = `${did.did}#${newKey.fragment}`;
	const oldKeyId = `${did.did}#${old.fragment}`;
	const isRevoked = done.revoked !== undefined || old.revokedAt !== 0;
	const revokeAt = newKey.addedAt + overlapSeconds;
	const transactions = [done.added, done.revoked].flatMap((receipt) => receipt ?? []);
	const lines = [
		`${done.added === undefined ? "there already:" : "added"} ${keyId}`,
		done.revoked !== undefined
			? `revoked ${oldKeyId}`
			: isRevoked
				? `revoked already, at ${formatTime(old.revokedAt)}: ${oldKeyId}; nothing is left to do`
				: `still valid: ${oldKeyId}; after ${formatTime(revokeAt)} run\n  ${finishCommand}`,
		...transactions.map(({ transactionHash }) => `transaction ${transactionHash}`),
	];
	const facts = { did: did.did, place: "registry", keyId, oldKeyId };
	const state = { added: done.added !== undefined, revoked: isRevoked, ...(isRevoked ? {} : { revokeAt }) };
	const next = isRevoked ? [] : [finishCommand];
	return { data: { ...facts, ...state, transactions, next }, text: lines.join("\n") };
}
