/**
 * `orgpass document build`: a document from keys and accounts, anew or from an existing one.
 * @module
 */
import type { Command } from "commander";
import { isFragment, parseDidUrl } from "../../../did/did-url.js";
import { buildDocument, type NewMethod } from "../../../document/build-document.js";
import { parseDocumentJson } from "../../../document/org-json.js";
import type { JsonObject } from "../../../encoding/json.js";
import { ConfigError, DidError } from "../../../errors/errors.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost, type CommonFlags, type Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import {
	DOCUMENT_OUT_FLAGS,
	type DocumentOutFlags,
	readDocumentBytes,
	subjectOf,
	writeDocument,
} from "../../document-file.js";
import { loadKey } from "../../key-source.js";
import { lowerCaseDid } from "../../organization.js";
import { findAdapter } from "../../settings/network.js";
import { readNow } from "../../time.js";

/** What a document is: plain, or a credential's subject. */
export type Generation = "0.x" | "1.x";

interface BuildFlags extends CommonFlags, DocumentOutFlags {
	readonly did: string;
	readonly from?: string;
	readonly generation?: string;
	readonly key?: string[];
	readonly account?: string[];
	readonly delegate?: string[];
	readonly keyPassword?: string;
	readonly now?: string;
}

/** Adds `document build`. */
export function addBuildCommand(document: Command, host: CommandHost): void {
	addCommand<BuildFlags>(document, host, {
		usage: "build",
		description: "write a document: a new one, or an existing one with more keys",
		flags: [
			["!--did <did>", "the organization, spelt as the document shall have it"],
			[
				"--from <file>",
				"a document or credential to start from; what it holds is kept (- reads standard input)",
			],
			["--generation <name>", "0.x for registries with a hash, 1.x for a credential's subject"],
			["*--key <name=key>", "a public key and its name; a private key lends its public half"],
			["--key-password <source>", "password of a private key given there: a file, - or env:NAME"],
			["*--account <name=address>", "an account and its name, 1.x alone: 0x…, or eip155:100:0x…"],
			["*--delegate <did-url>", "a key that may sign the document besides the owner, 1.x alone"],
			...DOCUMENT_OUT_FLAGS,
			["--now <time>", "seconds or ISO 8601, instead of the clock"],
		],
		example: "orgpass document build --did did:orgid:… --key webserver=webserver.pem --out org.json",
		run: ({ context, options }) => build(context, options),
	});
}

async function build(context: CliContext, options: BuildFlags): Promise<Outcome> {
	const did = lowerCaseDid(options.did);
	const { chainId, fragment } = parseDidUrl(did);
	if (fragment !== undefined) throw new DidError("did/syntax", "expected a bare DID, without a fragment");
	const existing =
		options.from === undefined
			? undefined
			: parseDocumentJson(await readDocumentBytes(context, options.from));
	const generation = await readGeneration(context, options, existing, chainId);
	const keys: NewMethod[] = [];
	for (const text of options.key ?? []) {
		const [name, source] = splitPair(text, "--key", "NAME=KEY");
		refuseRegistryName(name);
		const { publicKey } = await loadKey(context, source, options.keyPassword);
		keys.push({ fragment: name, publicKey });
	}
	const accounts = (options.account ?? []).map((text) => readAccount(text, chainId));
	const document = buildDocument({
		...{ did, generation, verificationMethods: [...keys, ...accounts], now: readNow(options.now) },
		...(options.delegate === undefined ? {} : { delegates: options.delegate.map(lowerCaseDid) }),
		...(existing === undefined ? {} : { existing: generation === "0.x" ? existing : subjectOf(existing) }),
	});
	return writeDocument(context, document, options, { did, generation });
}

/** What is asked for, else what the existing document is, else what the registry takes. */
async function readGeneration(
	context: CliContext,
	options: BuildFlags,
	existing: JsonObject | undefined,
	chainId: number | undefined,
): Promise<Generation> {
	const { generation } = options;
	if (generation === "0.x" || generation === "1.x") return generation;
	if (generation !== undefined) {
		throw invalidOption("generation", "0.x or 1.x", { label: "--generation" });
	}
	if (existing !== undefined) return generationOf(existing);
	if (options.account !== undefined || options.delegate !== undefined) return "1.x";
	const adapter = await findAdapter(context, options, chainId);
	return adapter?.documentEvidence === "proof" ? "1.x" : "0.x";
}

/** Tells the generation of a document. */
export function generationOf(json: JsonObject): Generation {
	if (json["credentialSubject"] !== undefined) return "1.x";
	return json["verificationMethod"] !== undefined && json["publicKey"] === undefined ? "1.x" : "0.x";
}

function readAccount(text: string, chainId: number | undefined): NewMethod {
	const [fragment, account] = splitPair(text, "--account", "NAME=0xADDRESS");
	if (account.includes(":")) return { fragment, account };
	if (chainId !== undefined) return { fragment, account: `eip155:${chainId}:${account}` };
	throw new ConfigError("config/usage", "--account needs a chain: name it in --did, or as eip155:100:0x…");
}

/** Readers would look for the registry's account, and never for the key. */
function refuseRegistryName(name: string): void {
	if (name !== "owner" && name !== "director") return;
	throw new ConfigError(
		"config/usage",
		`--key can't be named ${name}: #owner and #director are the registry's names for its accounts`,
	);
}

/** Nothing of the text is shown: a key may stand in it. */
function splitPair(text: string, flag: string, form: string): readonly [string, string] {
	const at = text.indexOf("=");
	const pair = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)] as const;
	if (at > 0 && isFragment(pair[0]) && pair[1] !== "") return pair;
	throw new ConfigError("config/usage", `expected ${flag} ${form}, the name of 0-9 A-Z a-z _ -`);
}
