/**
 * Keys and accounts to be added to a document.
 * @module
 */
import * as v from "valibot";
import { parseAccountId } from "../did/account-id.js";
import { isFragment } from "../did/did-url.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import type { ConfigError } from "../errors/errors.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import { isPublicKey, type PublicKey } from "../keys/public-key.js";
import { invalidOption } from "../options/invalid-option.js";
import { optionsSchema } from "../options/schemas.js";

/** A key or an account to add to a document: exactly one of `publicKey` and `account`. */
export interface NewMethod {
	/** Its name, without `#`: 1 to 64 of `0-9 A-Z a-z _ -`. Letters and digits work everywhere. */
	readonly fragment: string;
	/** A secp256k1 key. */
	readonly publicKey?: PublicKey | undefined;
	/** An account, `eip155:<chain id>:0x…`; 1.x only. */
	readonly account?: string | undefined;
	/** A human-readable note. */
	readonly note?: string | undefined;
}

const FRAGMENT = "1 to 64 of 0-9 A-Z a-z _ -";

/** The shape of {@link NewMethod}. */
export const newMethod: v.GenericSchema = optionsSchema<NewMethod>(
	{
		fragment: v.pipe(v.string(FRAGMENT), v.check(isFragment, FRAGMENT)),
		publicKey: v.optional(v.custom<PublicKey>(isPublicKey, "a PublicKey")),
		account: v.optional(v.string("an account, eip155:<chain id>:0x…")),
		note: v.optional(v.string("text")),
	},
	"an object with a fragment, and a publicKey or an account",
);

/** Builds a verification method in the form of the document's generation. */
export function toMethod(
	{ fragment, publicKey, account, note }: NewMethod,
	controller: string,
	generation: "0.x" | "1.x",
): Record<string, unknown> {
	const id = `${controller}#${fragment}`;
	const notes = note === undefined ? {} : { note };
	if ((publicKey === undefined) === (account === undefined)) {
		throw invalidMethods("keys and accounts, each with either publicKey or account");
	}
	if (publicKey === undefined) {
		if (generation === "0.x") throw invalidMethods("keys: 0.x documents have no accounts");
		const blockchainAccountId = toAccountId(account);
		return { id, controller, type: "EcdsaSecp256k1RecoveryMethod2020", blockchainAccountId, ...notes };
	}
	if (generation === "0.x") {
		const publicKeyPem = exportPublicKey(publicKey, "spki-base64");
		return { id, type: "secp256k1", controller, publicKeyPem, ...notes };
	}
	const publicKeyJwk = exportPublicKey(publicKey, "jwk");
	return { id, controller, type: "EcdsaSecp256k1VerificationKey2019", publicKeyJwk, ...notes };
}

function toAccountId(text: unknown): string {
	const account = undefinedOnError(() => parseAccountId(text));
	if (account !== undefined) return `eip155:${account.chainId}:${account.address}`;
	throw invalidMethods("accounts as eip155:<chain id>:0x<40 hex digits>");
}

function invalidMethods(expected: string): ConfigError {
	return invalidOption("verificationMethods", expected, { subject: "buildDocument" });
}
