/**
 * `orgpass org rotate-key`: adds a new key, and revokes the old one after the overlap.
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type CanonicalDidUrl, isFragment } from "../../../did/did-url.js";
import { formatValue } from "../../../errors/errors.js";
import { exportPrivateKey } from "../../../keys/export-private-key.js";
import { generateKeyPair } from "../../../keys/generate.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost } from "../../command.js";
import type { CliContext } from "../../context.js";
import { assertOwnFile, writeSecretFile } from "../../files.js";
import { loadKey, toPublicKeyArgument } from "../../key-source.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import { printNote } from "../../note.js";
import { option, parsed, required, usageError } from "../../options.js";
import { OWNER_OPTIONS, readOrganization, withRegistry } from "../../organization.js";
import { KEY_PASSWORD_OPTION } from "../../password-options.js";
import { DOCUMENT_FETCH_OPTIONS } from "../../settings/document-fetching.js";
import { parseDuration, parseTime } from "../../time.js";
import { parseTypedDid } from "../../typed-did.js";
import { assertNoSecret } from "../../typed-secrets.js";
import { assertNotOver, FRAGMENT_OPTION, parseFragment } from "./org-keys.js";
import { rotateInDocument } from "./rotate-in-document.js";
import { rotateOnChain } from "./rotate-on-chain.js";
import type { RotateFlags, Rotation } from "./rotation.js";

export function addRotateKeyCommand(org: Command, host: CommandHost): void {
	addCommand<RotateFlags>(org, host, {
		usage: "rotate-key <did>",
		description: "add a new key and revoke the old one after an overlap; can be repeated safely",
		options: [
			FRAGMENT_OPTION,
			required("--new-fragment <name>", "name of the new key"),
			option("--public-key <key>", "the new key; if it is a private key, only its public key is used").conflicts("out"),
			KEY_PASSWORD_OPTION,
			option("--out <file>", "generate the new key and write it to a file only you can read"),
			parsed("--valid-until <time>", "end of the new key's validity, for keys on chain; default: none", parseTime),
			option("--overlap <duration>", "how long both keys are valid").default("24h"),
			option("--wait", "wait for the end of the overlap, then revoke the old key (keys on chain)"),
			option("--finish", "after the overlap: revoke the old key, or remove it from the document").conflicts("wait"),
			option("--from <file>", "the document to change, for keys in documents; default: the published one"),
			option("--document-out <file>", "write the document to this file instead of standard output"),
			option("--force", "replace an existing file of --document-out"),
			...OWNER_OPTIONS,
			...DOCUMENT_FETCH_OPTIONS,
		],
		examples: [
			"orgpass org rotate-key did:orgid:…#webserver --new-fragment webserver2 --out webserver2.pem --overlap 24h",
		],
		run: async ({ context, options, operands: [typed = ""] }) => {
			const { newFragment, overlap } = options;
			const overlapSeconds = parseDuration(overlap, "--overlap");
			assertNotOver(options.validUntil ?? 0);
			return withRegistry(context, options, async (registry, chain) => {
				const did = parseTypedDid(typed, chain.chainId);
				const oldFragment = parseOldFragment(did, options);
				const record = await readOrganization(registry, did);
				const rotation: Rotation = {
					...{ context, flags: options, registry, chain, did, record },
					...{ oldFragment, newFragment, overlapSeconds },
					finishCommand: toCommand([
						...["org", "rotate-key", did.did, "--fragment", oldFragment, "--new-fragment", newFragment],
						...["--overlap", overlap, "--finish", ...repeatedFlags(options)],
					]),
					findNewKey: (isNeeded) => findNewKey(context, options, isNeeded),
				};
				const isOnChain = (await registry.readKey(did.orgId, oldFragment)) !== undefined;
				return isOnChain ? rotateOnChain(rotation) : rotateInDocument(rotation);
			});
		},
	});
}

function parseOldFragment(did: CanonicalDidUrl, { fragment, newFragment }: RotateFlags): string {
	const oldFragment = parseFragment(did, fragment);
	for (const [flag, name] of Object.entries({ "--fragment": oldFragment, "--new-fragment": newFragment })) {
		if (!isFragment(name)) throw invalidOption(flag, "a name of 0-9 A-Z a-z _ -", { got: name });
	}
	assertNoSecret("--new-fragment", newFragment);
	if (oldFragment !== newFragment) return oldFragment;
	throw usageError("the new key needs a new name: names can't be reused");
}

async function findNewKey(context: CliContext, flags: RotateFlags, isNeeded: boolean): Promise<PublicKey | undefined> {
	const { publicKey, out } = flags;
	if (publicKey !== undefined) {
		return (await loadKey(context, toPublicKeyArgument("--public-key", publicKey, flags))).publicKey;
	}
	if (out !== undefined && existsSync(resolve(context.cwd, out))) {
		assertOwnFile(context, out);
		printNote(context, `${formatValue(out)} already exists: using its key`);
		return (await loadKey(context, toPublicKeyArgument("--out", out, flags))).publicKey;
	}
	if (!isNeeded) return undefined;
	if (out === undefined) throw usageError("expected a new key: --public-key KEY, or --out FILE to generate one");
	const pair = await generateKeyPair();
	writeSecretFile(context, out, `${exportPrivateKey(pair.privateKey, "sec1").trimEnd()}\n`, false);
	printNote(context, `wrote ${formatValue(out)}`);
	return pair.publicKey;
}
