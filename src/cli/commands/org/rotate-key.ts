/**
 * `orgpass org rotate-key`: a new key beside an old one, and the old one revoked when everybody had time to
 * change over.
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type CanonicalDidUrl, isFragment } from "../../../did/did-url.js";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { exportPrivateKey } from "../../../keys/export-private-key.js";
import { generateKeyPair } from "../../../keys/generate.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost } from "../../command.js";
import type { CliContext } from "../../context.js";
import { writeSecretFile } from "../../files.js";
import { loadKey } from "../../key-source.js";
import { repeatedFlags, toCommand } from "../../next-command.js";
import { OWNER_FLAGS, parseTypedDid, readOrganization, withRegistry } from "../../organization.js";
import { DOCUMENT_FETCH_FLAGS } from "../../settings/document-fetching.js";
import { parseDuration } from "../../time.js";
import { rotateInDocument } from "./rotate-in-document.js";
import { rotateOnChain } from "./rotate-on-chain.js";

import type { RotateFlags, Rotation } from "./rotation.js";

/** Adds `org rotate-key`. */
export function addRotateKeyCommand(org: Command, host: CommandHost): void {
	addCommand<RotateFlags>(org, host, {
		usage: "rotate-key <did>",
		description:
			"add a new key and revoke the old one when the overlap is over; the same call twice does no harm",
		flags: [
			["--fragment <name>", "the old key, unless the DID carries it after #"],
			["!--new-fragment <name>", "the name of the new one"],
			["--public-key <key>", "the new key; a private key lends its public half"],
			["--key-password <source>", "password of a private key given there: a file, - or env:NAME"],
			["--out <file>", "or: make a key, and write it to a file only you can read"],
			["--overlap <duration>", "how long both are valid; 24h by default"],
			["--wait", "wait for the end of the overlap and revoke the old key (keys on chain)"],
			["--finish", "the overlap is over: revoke the old key, or take it out of the document"],
			["--from <file>", "the document to change, for keys in documents; the published one by default"],
			["--document-out <file>", "where to write the document, instead of standard output"],
			["--force", "replace an existing file of --document-out"],
			...OWNER_FLAGS,
			...DOCUMENT_FETCH_FLAGS,
		],
		example:
			"orgpass org rotate-key did:orgid:…#webserver --new-fragment webserver2 --out webserver2.pem --overlap 24h",
		isTalkative: true,
		run: ({ context, options, operands: [typed = ""] }) => {
			const overlap = options.overlap ?? "24h";
			const overlapSeconds = parseDuration(overlap, "--overlap");
			checkFlags(options);
			return withRegistry(context, options, async (registry, chain) => {
				const did = parseTypedDid(typed, chain.chainId);
				const names = readNames(did, options);
				const record = await readOrganization(registry, did);
				const words = ["org", "rotate-key", did.did, "--fragment", names.oldFragment];
				const more = ["--new-fragment", names.newFragment, "--overlap", overlap, "--finish"];
				const rotation: Rotation = {
					...{ context, flags: options, registry, chain, did, record, ...names, overlapSeconds },
					finishCommand: toCommand([...words, ...more, ...repeatedFlags(options)]),
					findNewKey: (isNeeded) => findNewKey(context, options, isNeeded),
				};
				const isOnChain = (await registry.readKey(did.orgId, names.oldFragment)) !== undefined;
				return isOnChain ? rotateOnChain(rotation) : rotateInDocument(rotation);
			});
		},
	});
}

function checkFlags({ publicKey, out, wait, finish }: RotateFlags): void {
	if (publicKey !== undefined && out !== undefined) {
		throw new ConfigError("config/usage", "expected either --public-key or --out");
	}
	if (wait && finish) throw new ConfigError("config/usage", "expected either --wait or --finish");
}

function readNames(
	did: CanonicalDidUrl,
	{ fragment, newFragment }: RotateFlags,
): { readonly oldFragment: string; readonly newFragment: string } {
	const oldFragment = fragment ?? did.fragment;
	if (oldFragment === undefined || (did.fragment ?? oldFragment) !== oldFragment) {
		throw new ConfigError(
			"config/usage",
			"expected the old key's name once: --fragment, or after # in the DID",
		);
	}
	for (const name of [oldFragment, newFragment]) {
		if (isFragment(name)) continue;
		throw invalidOption("fragment", "of 0-9 A-Z a-z _ -", { label: "a key's name", got: name });
	}
	if (oldFragment !== newFragment) return { oldFragment, newFragment };
	throw new ConfigError("config/usage", "expected another name for the new key: a name is used once");
}

async function findNewKey(
	context: CliContext,
	{ publicKey, keyPassword, out }: RotateFlags,
	isNeeded: boolean,
): Promise<PublicKey | undefined> {
	if (publicKey !== undefined) return (await loadKey(context, publicKey, keyPassword)).publicKey;
	if (out !== undefined && existsSync(resolve(context.cwd, out))) {
		context.stderr(`${formatValue(out)} is there already: its key is used\n`);
		return (await loadKey(context, out, keyPassword)).publicKey;
	}
	if (!isNeeded) return undefined;
	if (out === undefined) {
		throw new ConfigError(
			"config/usage",
			"expected the new key: --public-key KEY, or --out FILE to make one",
		);
	}
	const pair = await generateKeyPair();
	writeSecretFile(context, out, `${exportPrivateKey(pair.privateKey, "sec1").trimEnd()}\n`, false);
	context.stderr(`wrote ${formatValue(out)}\n`);
	return pair.publicKey;
}
