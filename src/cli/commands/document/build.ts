/**
 * `orgpass document build`: a document from keys and accounts, new or from an existing one.
 * @module
 */
import { type Command, Option } from "commander";
import { isFragment } from "../../../did/did-url.js";
import { buildDocument } from "../../../document/build-document.js";
import { parseDocumentJson } from "../../../document/document-json.js";
import type { NewMethod } from "../../../document/new-method.js";
import type { JsonObject } from "../../../encoding/json.js";
import { keepText } from "../../../encoding/kept-number.js";
import { addCommand, type CommandHost, type CommonFlags } from "../../command.js";
import type { CliContext } from "../../context.js";
import {
	DOCUMENT_OUT_OPTIONS,
	type DocumentOutFlags,
	type Generation,
	generationOf,
	readDocumentBytes,
	subjectOf,
	writeDocument,
} from "../../document-file.js";
import { loadKey, toPublicKeyArgument } from "../../key-source.js";
import { option, repeatable, required, usageError } from "../../options.js";
import type { Outcome } from "../../outcome.js";
import { KEY_PASSWORD_OPTION } from "../../password-options.js";
import { findAdapter } from "../../settings/network.js";
import { NOW_OPTION, nowSeconds } from "../../time.js";
import { lowerCaseDid, parseTypedDidUrl, typedDidError } from "../../typed-did.js";
import { assertNoSecret } from "../../typed-secrets.js";

interface BuildFlags extends CommonFlags, DocumentOutFlags {
	readonly did: string;
	readonly from?: string;
	readonly generation?: Generation;
	readonly key?: string[];
	readonly account?: string[];
	readonly delegate?: string[];
	readonly keyPassword?: string;
	readonly now?: number;
}

export function addBuildCommand(document: Command, host: CommandHost): void {
	addCommand<BuildFlags>(document, host, {
		usage: "build",
		description: "build a document, or add keys to an existing one",
		options: [
			required("--did <did>", "the organization, as the document should write it"),
			option(
				"--from <file>",
				"document or credential to start from; unknown members are kept (- reads standard input)",
			),
			new Option(
				"--generation <name>",
				"0.x for registries that store a hash, 1.x for the subject of a credential",
			).choices(["0.x", "1.x"]),
			repeatable("--key <name=key>", "name and key to add; of a private key, only its public key is used"),
			KEY_PASSWORD_OPTION,
			repeatable("--account <name=address>", "account and its name (1.x only): 0x…, or eip155:100:0x…"),
			repeatable("--delegate <did-url>", "key that may sign the document besides the owner (1.x only)"),
			...DOCUMENT_OUT_OPTIONS,
			NOW_OPTION,
		],
		examples: ["orgpass document build --did did:orgid:… --key webserver=webserver.pem --out org.json"],
		run: ({ context, options }) => build(context, options),
	});
}

async function build(context: CliContext, options: BuildFlags): Promise<Outcome> {
	const did = lowerCaseDid(options.did);
	const { chainId, fragment } = parseTypedDidUrl(did);
	if (fragment !== undefined) throw typedDidError("expected a bare DID, without a fragment");
	const existing =
		options.from === undefined
			? undefined
			: parseDocumentJson(await readDocumentBytes(context, options.from), keepText);
	const generation = await findGeneration(context, options, existing, chainId);
	const keys: NewMethod[] = [];
	for (const text of options.key ?? []) {
		const [name, source] = parsePair(text, "--key", "NAME=KEY");
		assertNotReserved(name);
		const { publicKey } = await loadKey(context, toPublicKeyArgument("--key", source, options));
		keys.push({ fragment: name, publicKey });
	}
	const accounts = (options.account ?? []).map((text) => parseAccount(text, chainId));
	const document = buildDocument({
		...{ did, generation, verificationMethods: [...keys, ...accounts], now: nowSeconds(options.now) },
		delegates: options.delegate?.map(parseDelegate),
		existing: generation === "0.x" ? existing : existing && subjectOf(existing),
	});
	return writeDocument(context, document, options, { did, generation });
}

/** Uses `--generation`, or that of the existing document, or the one that the registry requires. */
async function findGeneration(
	context: CliContext,
	options: BuildFlags,
	existing: JsonObject | undefined,
	chainId: number | undefined,
): Promise<Generation> {
	if (options.generation !== undefined) return options.generation;
	if (existing !== undefined) return generationOf(existing);
	if (options.account !== undefined || options.delegate !== undefined) return "1.x";
	const adapter = await findAdapter(context, options, chainId);
	return adapter?.documentEvidence === "proof" ? "1.x" : "0.x";
}

function parseDelegate(typed: string): string {
	const text = lowerCaseDid(typed);
	parseTypedDidUrl(text);
	return text;
}

function parseAccount(text: string, chainId: number | undefined): NewMethod {
	const [fragment, account] = parsePair(text, "--account", "NAME=0xADDRESS");
	if (account.includes(":")) return { fragment, account };
	if (chainId !== undefined) return { fragment, account: `eip155:${chainId}:${account}` };
	throw usageError("--account needs a chain: name it in --did, or as eip155:100:0x…");
}

/** Resolvers would look for the registry's account instead of the key. */
function assertNotReserved(name: string): void {
	if (name !== "owner" && name !== "director") return;
	throw usageError(`--key can't be named ${name}: #owner and #director are the registry's accounts`);
}

/** Doesn't repeat the text, which may contain a key. */
function parsePair(text: string, flag: string, form: string): readonly [string, string] {
	const at = text.indexOf("=");
	const pair = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)] as const;
	assertNoSecret(flag, pair[0]);
	if (at > 0 && isFragment(pair[0]) && pair[1] !== "") return pair;
	throw usageError(`expected ${flag} ${form}, with a name of 0-9 A-Z a-z _ -`);
}
