/**
 * `orgpass document sign`: a document as the credential that registries without a hash require.
 * @module
 */
import { type Command, Option } from "commander";
import { Wallet } from "ethers";
import { parseAccountId } from "../../../did/account-id.js";
import { canonicalizeId } from "../../../did/did-aliases.js";
import { parseDidUrl, toCanonicalDidUrl } from "../../../did/did-url.js";
import { importVerificationKey } from "../../../did/verification-method.js";
import { signCredential } from "../../../document/credential/sign-credential.js";
import { parseDocumentJson } from "../../../document/document-json.js";
import type { DocumentMethod } from "../../../document/document-methods.js";
import type { OrgJson } from "../../../document/org-json.js";
import type { JsonObject } from "../../../encoding/json.js";
import { keepText } from "../../../encoding/kept-number.js";
import { formatValue } from "../../../errors/errors.js";
import { toAddress } from "../../../keys/address.js";
import { exportPrivateKey } from "../../../keys/export-private-key.js";
import type { PrivateKey } from "../../../keys/private-key.js";
import { thumbprint } from "../../../keys/thumbprint.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { addCommand, type CommandHost, type CommonFlags } from "../../command.js";
import type { CliContext } from "../../context.js";
import {
	DOCUMENT_OUT_OPTIONS,
	type DocumentOutFlags,
	parseAnyOrgJson,
	readDocumentBytes,
	subjectOf,
	writeDocument,
} from "../../document-file.js";
import { loadPrivateKey, toKeyArgument } from "../../key-source.js";
import { option, required, usageError } from "../../options.js";
import type { Outcome } from "../../outcome.js";
import { PASSWORD_OPTION } from "../../password-options.js";
import { NOW_OPTION, nowSeconds, parseDuration, parseTime } from "../../time.js";
import { lowerCaseDid } from "../../typed-did.js";

type MethodForm = "account" | "key";

interface SignFlags extends CommonFlags, DocumentOutFlags {
	readonly key: string;
	readonly method: string;
	readonly as?: MethodForm;
	readonly expires?: string;
	readonly password?: string;
	readonly name?: string;
	readonly description?: string;
	readonly image?: string;
	readonly now?: number;
}

/** Members of a credential that wallets display; kept when it is signed again. */
const DISPLAYED = ["name", "description", "image"] as const;

export function addSignCommand(document: Command, host: CommandHost): void {
	addCommand<SignFlags>(document, host, {
		usage: "sign <file>",
		description: "sign a 1.x document as a credential, or re-sign a credential (- reads standard input)",
		options: [
			required("--key <key>", "private key of the owner's account, or of a delegate"),
			required("--method <did-url>", "name of the key: did:orgid:…#name, or #name if it is in the document"),
			PASSWORD_OPTION,
			new Option("--as <form>", "form of the method, if it isn't in the document").choices(["account", "key"]),
			option("--expires <time>", "end of validity: 400d from now, seconds, or ISO 8601; default: none"),
			option("--name <text>", "name of the credential, for wallets that display it"),
			option("--description <text>", "description of the credential"),
			option("--image <url>", "image of the credential"),
			...DOCUMENT_OUT_OPTIONS,
			NOW_OPTION,
		],
		examples: ["orgpass document sign org.json --key owner.pem --method '#owner1' --out signed.json"],
		run: ({ context, options, operands: [file = ""] }) => sign(context, options, file),
	});
}

async function sign(context: CliContext, options: SignFlags, file: string): Promise<Outcome> {
	const now = nowSeconds(options.now);
	const expiresAt = options.expires === undefined ? undefined : parseExpiry(options.expires, now);
	const bytes = await readDocumentBytes(context, file);
	const input = parseDocumentJson(bytes, keepText);
	const document = subjectOf(input);
	assertSignable(input);
	const orgJson = parseAnyOrgJson(bytes);
	const { verificationMethod, method } = findMethod(orgJson, options.method, String(document["id"]));
	const privateKey = await loadPrivateKey(context, toKeyArgument(options));
	const isAccount = findForm(options.as, method, verificationMethod) === "account";
	if (method !== undefined) assertKeyOf(method, privateKey, isAccount);
	if (method === undefined || !isAccount) {
		warnUnlessDelegate(context, orgJson, verificationMethod, method);
	}
	const credential = await signCredential({
		...{ document, verificationMethod, now, expiresAt },
		key: isAccount ? new Wallet(exportPrivateKey(privateKey, "hex")) : privateKey,
		...displayedMembers(input, options),
	});
	const { issuer, expirationDate } = credential;
	const until = expirationDate === undefined ? {} : { expirationDate };
	const facts = { did: document["id"], issuer, verificationMethod, ...until };
	return writeDocument(context, credential, options, facts);
}

/** Readers of credentials don't look where a 0.x document keeps its keys. */
function assertSignable({ credentialSubject, publicKey, verificationMethod }: JsonObject): void {
	if (credentialSubject !== undefined || publicKey === undefined || verificationMethod !== undefined) return;
	throw usageError("only 1.x documents can be signed, and this one is 0.x: build it with --generation 1.x");
}

/** A signer other than one of the owner's accounts must also be named in the document. */
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
		`warning: ${formatValue(name)} is neither an account of the document nor listed in its capabilityDelegation: ` +
			"verifiers will refuse the signature (add it with document build --delegate)\n",
	);
}

/** A duration has a unit; a bare number is a time. */
function parseExpiry(text: string, now: number): number {
	const expiresAt = /^\d+[smhd]$/.test(text)
		? Math.floor(now) + parseDuration(text, "--expires")
		: parseTime(text, "--expires");
	if (expiresAt > now) return expiresAt;
	throw invalidOption("--expires", "later than now");
}

/** Finds the method by its DID URL, in the document's spelling if it is one of the document's own. */
function findMethod(
	orgJson: OrgJson,
	typed: string,
	id: string,
): { readonly verificationMethod: string; readonly method: DocumentMethod | undefined } {
	const verificationMethod = typed.startsWith("#") ? `${id}${typed}` : lowerCaseDid(typed);
	const own = canonicalizeId(verificationMethod, toCanonicalDidUrl(parseDidUrl(orgJson.id)));
	const inline = orgJson.capabilityDelegation.filter((entry) => typeof entry === "object");
	const method = [...orgJson.methods, ...inline].find(({ id }) => id === own);
	if (method !== undefined || own === undefined) return { verificationMethod, method };
	throw invalidOption("--method", "a method of the document", { got: verificationMethod });
}

function findForm(as: MethodForm | undefined, method: DocumentMethod | undefined, name: string): MethodForm {
	if (method === undefined) {
		if (as !== undefined) return as;
		throw usageError(`${formatValue(name)} is another organization's: use --as account or --as key to say what it is`);
	}
	const form = method["blockchainAccountId"] === undefined ? "key" : "account";
	if ((as ?? form) === form) return form;
	throw usageError(`--as must be ${form}, the form of ${formatValue(name)} in the document`);
}

/** Refuses to write a credential that no one could verify. */
function assertKeyOf(method: DocumentMethod, { publicKey }: PrivateKey, isAccount: boolean): void {
	const isSame = isAccount
		? parseAccountId(method["blockchainAccountId"]).address === toAddress(publicKey)
		: thumbprint(importVerificationKey(method)) === thumbprint(publicKey);
	if (!isSame) throw invalidOption("--key", `the key of ${formatValue(method.id)} in the document`);
}

function displayedMembers(input: JsonObject, options: SignFlags): Record<string, string> {
	const isCredential = input["credentialSubject"] !== undefined;
	const entries = DISPLAYED.flatMap((name) => {
		const value = options[name] ?? (isCredential ? input[name] : undefined);
		return typeof value === "string" && value !== "" ? [[name, value]] : [];
	});
	return Object.fromEntries(entries) as Record<string, string>;
}
