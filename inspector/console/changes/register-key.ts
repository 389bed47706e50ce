/** @module */
import { exportPublicKey, type PublicKey } from "orgpass/keys";
import type { OnChainKey } from "orgpass/registry";
import { formatLocalTime } from "../../time.ts";
import type { Change, Organization } from "./change.ts";

/** A key to register. */
export interface RegisteredKey {
	readonly fragment: string;
	readonly publicKey: PublicKey;
	/** The file of the private half, for commands. */
	readonly keyFile: string;
	/** In seconds since the epoch; undefined for no end. */
	readonly validUntil: number | undefined;
}

/** How long both keys of a rotation are valid by default, as the command line has it. */
const OVERLAP = "24h";

export function registerKey({ did, orgId }: Organization, key: RegisteredKey): Change {
	const { fragment, publicKey, keyFile, validUntil } = key;
	const keyId = `${did}#${fragment}`;
	const publicKeyHex = exportPublicKey(publicKey, "hex");
	const end =
		validUntil === undefined ? [] : ["--valid-until", new Date(validUntil * 1_000).toISOString().replace(".000", "")];
	return {
		title: `Register the key #${fragment}`,
		effects: [
			`Tokens that are signed with its private half count as the organization's, ${describeEnd(validUntil)}.`,
			"The registry shows the public half to everyone.",
			`No other key of the organization can have the name #${fragment}, not even after this one is revoked.`,
		],
		facts: { "key id": keyId, "public key": publicKeyHex },
		signer: "owner or director",
		did,
		command: ["org", "add-key", keyId, "--public-key", keyFile, ...end],
		next: { kind: "sign", keyId, keyFile },
		send: (registry) => registry.addKey(orgId, { fragment, publicKey, validUntil }),
		async confirm(registry, receipt) {
			const found = await registry.readKey(orgId, fragment, { minBlock: receipt?.blockNumber });
			const isSame = found?.publicKeyHex === publicKeyHex && found.validUntil === (validUntil ?? 0);
			const isShown = isSame && found.revokedAt === 0;
			return { did, isShown, words: describeKey(fragment, found) };
		},
	};
}

/** Registers a key beside the one that it replaces, which is to be revoked later. */
export function rotateKey(organization: Organization, oldFragment: string, key: RegisteredKey): Change {
	const registration = registerKey(organization, key);
	const { did } = organization;
	const { fragment, keyFile } = key;
	const names = ["--fragment", oldFragment, "--new-fragment", fragment];
	return {
		...registration,
		title: `Replace the key #${oldFragment} by #${fragment}`,
		effects: [
			...registration.effects,
			`#${oldFragment} stays valid until you revoke it, which is a second transaction. Until then, switch your servers to #${fragment}.`,
		],
		command: ["org", "rotate-key", did, ...names, "--public-key", keyFile, "--overlap", OVERLAP],
		next: { kind: "revoke", fragment: oldFragment, keyId: `${did}#${fragment}`, keyFile },
	};
}

function describeEnd(validUntil: number | undefined): string {
	return validUntil === undefined ? "until it is revoked" : `until ${formatLocalTime(validUntil, Date.now() / 1_000)}`;
}

function describeKey(fragment: string, key: OnChainKey | undefined): string {
	if (key === undefined) return `The registry has no key #${fragment}.`;
	const { revokedAt, validUntil } = key;
	return `The registry lists the key #${fragment}, ${revokedAt === 0 ? `valid ${describeEnd(validUntil || undefined)}` : "revoked"}.`;
}
