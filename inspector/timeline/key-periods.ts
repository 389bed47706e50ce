/**
 * When an organization's keys are valid, revoked ones included.
 * @module
 */
import type { OnChainKey, RegistryEvent } from "orgpass/registry";

/** A key that is on chain, or that was revoked. Times are seconds since the epoch. */
export interface KeyPeriod {
	readonly fragment: string;
	readonly state: "valid" | "not-yet-valid" | "expired" | "revoked";
	/** Undefined if it is further back than the events, as `from`. */
	readonly addedAt: number | undefined;
	/** From when on it is valid: not before it was added. */
	readonly from: number | undefined;
	/** Until when it is valid, or was; undefined if it has no end. */
	readonly until: number | undefined;
	readonly revokedAt: number | undefined;
	/** Undefined if it was revoked. */
	readonly key: OnChainKey | undefined;
}

/** Returns the keys that aren't revoked, then those whose revocation is among the events. */
export function toKeyPeriods(
	keys: readonly OnChainKey[],
	events: readonly RegistryEvent[],
	now: number,
): readonly KeyPeriod[] {
	const revocations = events.filter(({ name }) => name === "KeyRevoked");
	// The record may be older than the events.
	const isRevoked = ({ fragment }: OnChainKey): boolean =>
		revocations.some(({ args }) => args["fragment"] === fragment);
	return [
		...keys.filter((key) => !isRevoked(key)).map((key) => toPeriod(key, now)),
		...revocations.map(({ args }) => {
			const isAdded = (event: RegistryEvent): boolean =>
				event.name === "KeyAdded" && event.args["fragment"] === args["fragment"];
			return toRevokedPeriod(args, events.find(isAdded)?.args);
		}),
	];
}

function toPeriod(key: OnChainKey, now: number): KeyPeriod {
	const { fragment, validFrom, validUntil, addedAt } = key;
	const isExpired = validUntil !== 0 && now >= validUntil;
	const state = isExpired ? "expired" : now < validFrom ? "not-yet-valid" : "valid";
	const from = Math.max(addedAt, validFrom);
	return { fragment, state, addedAt, from, until: validUntil || undefined, revokedAt: undefined, key };
}

function toRevokedPeriod(revoked: RegistryEvent["args"], added: RegistryEvent["args"] | undefined): KeyPeriod {
	const fragment = String(revoked["fragment"]);
	const revokedAt = Number(revoked["revokedAt"]);
	const period = { fragment, state: "revoked", revokedAt, key: undefined } as const;
	if (added === undefined) return { ...period, addedAt: undefined, from: undefined, until: revokedAt };
	const addedAt = Number(added["addedAt"]);
	const until = Math.min(revokedAt, Number(added["validUntil"]) || revokedAt);
	const from = Math.min(until, Math.max(addedAt, Number(added["validFrom"])));
	return { ...period, addedAt, from, until };
}
