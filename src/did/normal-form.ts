/**
 * Normalizes verification methods. Whatever form their document uses, other verifiers get one that they understand, and
 * nothing else.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { isOrgpassError } from "../errors/errors.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import type { EcPublicJwk } from "../keys/formats/jwk.js";
import { parseAccountId } from "./account-id.js";
import { KEY_MEMBERS } from "./key-forms.js";
import { periodOfMethod, toMarks } from "./method-period.js";
import { importVerificationKey } from "./verification-method.js";

/** Creates a frozen method for a key. */
export function keyMethod(id: string, controller: string, jwk: EcPublicJwk, marks: object = {}): VerificationMethod {
	const publicKeyJwk = Object.freeze({ ...jwk, alg: "ES256K" });
	return Object.freeze({ id, type: "EcdsaSecp256k1VerificationKey2019", controller, publicKeyJwk, ...marks });
}

/** Creates a frozen method for an account. */
export function accountMethod(
	id: string,
	controller: string,
	account: unknown,
	marks: object = {},
): VerificationMethod {
	const blockchainAccountId = String(account);
	return Object.freeze({ id, type: "EcdsaSecp256k1RecoveryMethod2020", controller, blockchainAccountId, ...marks });
}

/** Returns undefined for a method without a usable key or account, or one that could be read as either. */
export function toNormalForm(method: VerificationMethod): VerificationMethod | undefined {
	const { id, controller, blockchainAccountId, ethereumAddress } = method;
	const marks = toMarks(periodOfMethod(method));
	const hasKey = KEY_MEMBERS.some((member) => method[member] !== undefined);
	try {
		if (!hasKey) {
			parseAccountId(blockchainAccountId);
			return accountMethod(id, controller, blockchainAccountId, marks);
		}
		if (blockchainAccountId !== undefined || ethereumAddress !== undefined) return undefined;
		return keyMethod(id, controller, exportPublicKey(importVerificationKey(method), "jwk"), marks);
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}
