/**
 * `orgpass org add-key` and `revoke-key`: an organization's keys on chain.
 * @module
 */
import type { Command } from "commander";
import type { CanonicalDidUrl } from "../../../did/did-url.js";
import { ConfigError } from "../../../errors/errors.js";
import { addCommand, type CommandHost } from "../../command.js";
import { loadKey } from "../../key-source.js";
import { changed, OWNER_FLAGS, type OwnerFlags, parseTypedDid, withOwner } from "../../organization.js";
import { parseTime } from "../../time.js";

interface AddKeyFlags extends OwnerFlags {
	readonly publicKey: string;
	readonly fragment?: string;
	readonly validFrom?: string;
	readonly validUntil?: string;
	readonly keyPassword?: string;
}

const FRAGMENT_FLAG = ["--fragment <name>", "name of the key, unless the DID carries it after #"] as const;

/** Adds `org add-key|revoke-key`. */
export function addOrgKeyCommands(org: Command, host: CommandHost): void {
	addCommand<AddKeyFlags>(org, host, {
		usage: "add-key <did>",
		description: "put a public key on chain",
		flags: [
			FRAGMENT_FLAG,
			["!--public-key <key>", "the key; a private key lends its public half"],
			["--key-password <source>", "password of a private key given there: a file, - or env:NAME"],
			["--valid-from <time>", "seconds or ISO 8601; always by default"],
			["--valid-until <time>", "seconds or ISO 8601; without end by default"],
			...OWNER_FLAGS,
		],
		example: "orgpass org add-key did:orgid:… --fragment webserver --public-key webserver.pem",
		async run({ context, options, operands: [typed = ""] }) {
			const validFrom = options.validFrom === undefined ? 0 : parseTime(options.validFrom, "--valid-from");
			const validUntil =
				options.validUntil === undefined ? 0 : parseTime(options.validUntil, "--valid-until");
			if (validUntil !== 0 && validUntil <= Date.now() / 1_000) {
				context.stderr("warning: --valid-until is past already: no token by this key will be accepted\n");
			}
			const { publicKey } = await loadKey(context, options.publicKey, options.keyPassword);
			return withOwner(context, options, async (registry, { chainId }) => {
				const did = parseTypedDid(typed, chainId);
				const fragment = fragmentOf(did, options.fragment);
				const receipt = await registry.addKey(did.orgId, { fragment, publicKey, validFrom, validUntil });
				const keyId = `${did.did}#${fragment}`;
				return changed(did.did, receipt, `added ${keyId}`, { keyId, fragment });
			});
		},
	});

	addCommand<OwnerFlags & { fragment?: string; all?: boolean }>(org, host, {
		usage: "revoke-key <did>",
		description: "revoke a key for ever; its name can't be used again",
		flags: [FRAGMENT_FLAG, ["--all", "revoke every key"], ...OWNER_FLAGS],
		run: ({ context, options, operands: [typed = ""] }) =>
			withOwner(context, options, async (registry, { chainId }) => {
				const did = parseTypedDid(typed, chainId);
				if (options.all && (options.fragment ?? did.fragment) !== undefined) {
					throw new ConfigError("config/usage", "expected either one key or --all: a revocation is for ever");
				}
				if (options.all) {
					return changed(did.did, await registry.revokeAllKeys(did.orgId), `revoked all keys of ${did.did}`);
				}
				const fragment = fragmentOf(did, options.fragment);
				const keyId = `${did.did}#${fragment}`;
				return changed(did.did, await registry.revokeKey(did.orgId, fragment), `revoked ${keyId}`, { keyId });
			}),
	});
}

function fragmentOf(did: CanonicalDidUrl, flag: string | undefined): string {
	const fragment = flag ?? did.fragment;
	if (fragment !== undefined && (did.fragment ?? fragment) === fragment) return fragment;
	throw new ConfigError("config/usage", "expected the key's name once: --fragment, or after # in the DID");
}
