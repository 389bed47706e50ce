/**
 * `orgpass org add-key` and `revoke-key`: an organization's keys on chain.
 * @module
 */
import type { Command, Option } from "commander";
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import { formatTimeAway } from "../../../encoding/format-time.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost } from "../../command.js";
import { loadKey, toPublicKeyArgument } from "../../key-source.js";
import { option, parsed, required, usageError } from "../../options.js";
import { changeOutcome, OWNER_OPTIONS, type OwnerFlags, withOwnerOf } from "../../organization.js";
import { KEY_PASSWORD_OPTION } from "../../password-options.js";
import { parseTime } from "../../time.js";
import { assertNoSecret } from "../../typed-secrets.js";
import { isSameKey, namesOfKey, otherNamesOf, STILL_VALID, warnOfNames } from "./same-key.js";

interface AddKeyFlags extends OwnerFlags {
	readonly publicKey: string;
	readonly fragment?: string;
	readonly validFrom?: number;
	readonly validUntil?: number;
	readonly keyPassword?: string;
}

export const FRAGMENT_OPTION: Option = option("--fragment <name>", "name of the key, unless it is part of the DID");

export function addOrgKeyCommands(org: Command, host: CommandHost): void {
	addCommand<AddKeyFlags>(org, host, {
		usage: "add-key <did>",
		description: "add a public key on chain",
		options: [
			FRAGMENT_OPTION,
			required("--public-key <key>", "the key; if it is a private key, only its public key is used"),
			KEY_PASSWORD_OPTION,
			parsed("--valid-from <time>", "start of its validity (seconds or ISO 8601); default: none", parseTime),
			parsed("--valid-until <time>", "end of its validity (seconds or ISO 8601); default: none", parseTime),
			...OWNER_OPTIONS,
		],
		examples: ["orgpass org add-key did:orgid:… --fragment webserver --public-key webserver.pem"],
		async run({ context, options, operands: [typed = ""] }) {
			const { validFrom = 0, validUntil = 0 } = options;
			assertNotOver(validUntil);
			const { publicKey } = await loadKey(context, toPublicKeyArgument("--public-key", options.publicKey, options));
			return withOwnerOf(context, options, typed, async (registry, did) => {
				const fragment = parseFragment(did, options.fragment);
				assertNoSecret("--fragment", fragment);
				const { keys = [] } = (await registry.read(did.orgId)) ?? {};
				const names = namesOfKey(keys, (key) => key.fragment !== fragment && isSameKey(publicKey, key));
				warnOfNames(context, names, "this key is already there");
				const receipt = await registry.addKey(did.orgId, { fragment, publicKey, validFrom, validUntil });
				const keyId = `${did.did}#${fragment}`;
				const text = `added ${keyId}${formatValidity(validFrom, validUntil)}`;
				return changeOutcome(did.did, receipt, text, { keyId, fragment });
			});
		},
	});

	addCommand<OwnerFlags & { fragment?: string; all?: boolean }>(org, host, {
		usage: "revoke-key <did>",
		description: "revoke a key permanently; its name can't be used again",
		options: [FRAGMENT_OPTION, option("--all", "revoke every key").conflicts("fragment"), ...OWNER_OPTIONS],
		examples: ["orgpass org revoke-key did:orgid:…#webserver", "orgpass org revoke-key did:orgid:… --all"],
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwnerOf(context, options, typed, async (registry, did) => {
				if (options.all) {
					if (did.fragment !== undefined) throw usageError("--all can't be used with a DID that names a key");
					return changeOutcome(did.did, await registry.revokeAllKeys(did.orgId), `revoked all keys of ${did.did}`);
				}
				const fragment = parseFragment(did, options.fragment, ", or --all");
				const keyId = `${did.did}#${fragment}`;
				const { keys = [] } = (await registry.read(did.orgId)) ?? {};
				const receipt = await registry.revokeKey(did.orgId, fragment);
				warnOfNames(context, otherNamesOf(keys, fragment), STILL_VALID);
				return changeOutcome(did.did, receipt, `revoked ${keyId}`, { keyId });
			}),
	});
}

/** Refuses the end of a key's validity if it has passed: its name couldn't be used again. */
export function assertNotOver(validUntil: number): void {
	const now = Date.now() / 1_000;
	if (validUntil === 0 || validUntil > now) return;
	throw invalidOption("--valid-until", `a time to come, got ${formatTimeAway(validUntil, now)}`);
}

function formatValidity(validFrom: number, validUntil: number): string {
	const from = validFrom === 0 ? "" : ` from ${formatTimeAway(validFrom)}`;
	const until = validUntil === 0 ? "" : ` until ${formatTimeAway(validUntil)}`;
	return from === "" && until === "" ? "" : `\nvalid${from}${until}`;
}

export function parseFragment(did: CanonicalDidUrl, flag: string | undefined, alternative = ""): string {
	const fragment = flag ?? did.fragment;
	if (fragment !== undefined && (did.fragment ?? fragment) === fragment) return fragment;
	throw usageError(`expected the key's name once: as --fragment, or after # in the DID${alternative}`);
}
