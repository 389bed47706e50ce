/**
 * `orgpass document sign`: a document as the credential that registries without a hash ask for.
 * @module
 */
import type { Command } from "commander";
import { Wallet } from "ethers";
import { parseAccountId } from "../../../did/account-id.js";
import { canonicalizeId } from "../../../did/did-aliases.js";
import { parseDidUrl, toCanonicalDidUrl } from "../../../did/did-url.js";
import { importVerificationKey } from "../../../did/verification-method.js";
import { signCredential } from "../../../document/credential/sign-credential.js";
import type { DocumentMethod } from "../../../document/document-methods.js";
import type { OrgJson } from "../../../document/org-json.js";
import { parseDocumentJson } from "../../../document/org-json.js";
import type { JsonObject } from "../../../encoding/json.js";
import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { toAddress } from "../../../keys/addresses.js";
import { exportPrivateKey } from "../../../keys/export-private-key.js";
import type { PrivateKey } from "../../../keys/private-key.js";
import { thumbprint } from "../../../keys/thumbprint.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost, type CommonFlags, type Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import {
	DOCUMENT_OUT_FLAGS,
	type DocumentOutFlags,
	parseAnyOrgJson,
	readDocumentBytes,
	subjectOf,
	writeDocument,
} from "../../document-file.js";
import { loadPrivateKey } from "../../key-source.js";
import { lowerCaseDid } from "../../organization.js";
import { parseDuration, parseTime, readNow } from "../../time.js";

interface SignFlags extends CommonFlags, DocumentOutFlags {
	readonly key: string;
	readonly method: string;
	readonly as?: string;
	readonly expires?: string;
	readonly password?: string;
	readonly name?: string;
	readonly description?: string;
	readonly image?: string;
	readonly now?: string;
}

/** Members of a credential that people see, kept when it is signed anew. */
const SHOWN = ["name", "description", "image"] as const;

/** Adds `document sign`. */
export function addSignCommand(document: Command, host: CommandHost): void {
	addCommand<SignFlags>(document, host, {
		usage: "sign <file>",
		description: "sign a 1.x document as a credential; a credential is signed anew (- reads standard input)",
		flags: [
			["!--key <key>", "the private key: the owner's account, or a delegate's key or account"],
			["!--method <did-url>", "its name: did:orgid:…#name, or #name for one of the document's own"],
			["--password <source>", "password of the key, where it has one: a file, - or env:NAME"],
			["--as <form>", "account or key, where the document doesn't have the method"],
			["--expires <time>", "when its validity ends: 400d from now, seconds, or ISO 8601; never by default"],
			["--name <text>", "the credential's name, for wallets that show it"],
			["--description <text>", "its description"],
			["--image <url>", "its image"],
			...DOCUMENT_OUT_FLAGS,
			["--now <time>", "seconds or ISO 8601, instead of the clock"],
		],
		example: "orgpass document sign org.json --key owner.pem --method '#owner1' --out signed.json",
		run: ({ context, options, operands: [file = ""] }) => sign(context, options, file),
	});
}

async function sign(context: CliContext, options: SignFlags, file: string): Promise<Outcome> {
	const now = readNow(options.now);
	const expiresAt = options.expires === undefined ? undefined : readExpiry(options.expires, now);
	const bytes = await readDocumentBytes(context, file);
	const before = parseDocumentJson(bytes);
	const document = subjectOf(before);
	refusePlain(before);
	const orgJson = parseAnyOrgJson(bytes);
	const { verificationMethod, method } = findMethod(orgJson, options.method, String(document["id"]));
	const privateKey = await loadPrivateKey(context, options.key, options.password);
	const isAccount = readForm(options.as, method, verificationMethod) === "account";
	if (method !== undefined) requireKeyOf(method, privateKey, isAccount);
	if (method === undefined || !isAccount) warnUnlessDelegate(context, orgJson, verificationMethod, method);
	const credential = await signCredential({
		...{ document, verificationMethod, now },
		key: isAccount ? new Wallet(exportPrivateKey(privateKey, "hex")) : privateKey,
		...(expiresAt === undefined ? {} : { expiresAt }),
		...shownMembers(before, options),
	});
	const { issuer, expirationDate } = credential;
	const until = expirationDate === undefined ? {} : { expirationDate };
	return writeDocument(context, credential, options, {
		did: document["id"],
		issuer,
		verificationMethod,
		...until,
	});
}

/** A 0.x document keeps its keys where readers of credentials don't look. */
function refusePlain({ credentialSubject, publicKey, verificationMethod }: JsonObject): void {
	if (credentialSubject !== undefined || publicKey === undefined || verificationMethod !== undefined) return;
	throw new ConfigError(
		"config/usage",
		"only 1.x documents are signed, and this one is 0.x: build it with --generation 1.x",
	);
}

/** Whoever is no account of the owner's must be named in the document as well as on chain. */
function warnUnlessDelegate(
	context: CliContext,
	{ capabilityDelegation }: OrgJson,
	name: string,
	method: DocumentMethod | undefined,
): void {
	const isNamed = capabilityDelegation.some((entry) =>
		typeof entry === "string" ? entry === name : entry === method || entry.id === name,
	);
	if (isNamed) return;
	context.stderr(
		`warning: ${formatValue(name)} is no account of the document, which doesn't name it in capabilityDelegation: ` +
			"every reader will refuse the signature (document build --delegate adds it)\n",
	);
}

/** A lifetime has a unit; a bare number is a time. */
function readExpiry(text: string, now: number): number {
	const expiresAt = /^\d+[smhd]$/.test(text)
		? Math.floor(now) + parseDuration(text, "--expires")
		: parseTime(text, "--expires");
	if (expiresAt > now) return expiresAt;
	throw invalidOption("expires", "later than now", { label: "--expires" });
}

/** The method by its DID URL, spelt as the document spells it where it is the document's own. */
function findMethod(
	orgJson: OrgJson,
	typed: string,
	id: string,
): { readonly verificationMethod: string; readonly method: DocumentMethod | undefined } {
	const verificationMethod = typed.startsWith("#") ? `${id}${typed}` : lowerCaseDid(typed);
	const own = canonicalizeId(verificationMethod, toCanonicalDidUrl(parseDidUrl(orgJson.id)));
	const inline = orgJson.capabilityDelegation.filter((entry) => typeof entry === "object");
	const method = [...orgJson.methods, ...inline].find((one) => one.id === own);
	if (method !== undefined || own === undefined) return { verificationMethod, method };
	throw invalidOption("method", "a method of the document", { label: "--method", got: verificationMethod });
}

function readForm(as: string | undefined, method: DocumentMethod | undefined, name: string): string {
	const found =
		method === undefined ? undefined : method["blockchainAccountId"] === undefined ? "key" : "account";
	if (as !== undefined && as !== "account" && as !== "key") {
		throw invalidOption("as", "account or key", { label: "--as" });
	}
	const form = found ?? as;
	if (form !== undefined && (as ?? form) === form) return form;
	throw new ConfigError(
		"config/usage",
		form === undefined
			? `${formatValue(name)} is another organization's: say with --as whether it is an account or a key`
			: `--as must be ${form}: that is what ${formatValue(name)} is in the document`,
	);
}

/** A credential that nobody could verify isn't written. */
function requireKeyOf(method: DocumentMethod, { publicKey }: PrivateKey, isAccount: boolean): void {
	const isSame = isAccount
		? parseAccountId(method["blockchainAccountId"]).address === toAddress(publicKey)
		: thumbprint(importVerificationKey(method)) === thumbprint(publicKey);
	if (isSame) return;
	throw invalidOption("key", `the key that the document has as ${formatValue(method.id)}`, {
		label: "--key",
	});
}

function shownMembers(before: JsonObject, options: SignFlags): Record<string, string> {
	const entries = SHOWN.flatMap((name) => {
		const value = options[name] ?? (before["credentialSubject"] === undefined ? undefined : before[name]);
		return typeof value === "string" && value !== "" ? [[name, value]] : [];
	});
	return Object.fromEntries(entries) as Record<string, string>;
}
