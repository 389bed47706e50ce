/**
 * Header rules every JWT profile shares (RFC 7515 4.1, RFC 8725 3.1).
 * @module
 */

import type { JsonObject } from "../encoding/json.js";
import { TokenError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

/** Parameters that embed a key, name where to fetch one, or change how the token must be processed. */
const REFUSED = ["jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty"] as const;

/** What a profile demands of a header. */
export interface HeaderRules {
	/** The one algorithm it takes; the verifier's choice, never the token's. */
	readonly algorithm: string;
	/** The one value of `kid` it takes, where `kid` is present. */
	readonly keyId: unknown;
	/** Whether `kid` must be present. */
	readonly isKeyIdRequired?: boolean;
	/** The one value of `typ`, which must be present then; unless given, `JWT` or none at all. */
	readonly type?: string;
}

/** Holds a header against a profile's rules. Unknown parameters are ignored, as RFC 7515 4 asks. */
export function checkHeader(header: JsonObject, rules: HeaderRules): void {
	const { algorithm, keyId, isKeyIdRequired = false, type } = rules;
	if (header["alg"] !== algorithm) {
		throw new TokenError("token/algorithm", `expected alg "${algorithm}", got ${formatValue(header["alg"])}`);
	}
	if (Object.hasOwn(header, "crit")) {
		throw new TokenError("token/critical", "expected no crit: no critical header parameter is supported");
	}
	for (const name of REFUSED) {
		if (Object.hasOwn(header, name)) {
			throw new TokenError("token/header", `expected no ${name} in the header`, {
				details: { parameter: name },
			});
		}
	}
	expectMember(header, "typ", type ?? "JWT", type !== undefined, "token/type");
	expectMember(header, "kid", keyId, isKeyIdRequired, "token/key-id");
}

function expectMember(
	header: JsonObject,
	name: string,
	value: unknown,
	isRequired: boolean,
	code: "token/type" | "token/key-id",
): void {
	const isGood = Object.hasOwn(header, name) ? header[name] === value : !isRequired;
	if (isGood) return;
	const expected = isRequired
		? formatValue(value)
		: value === undefined
			? "absent"
			: `${formatValue(value)} or none`;
	throw new TokenError(code, `expected ${name} ${expected}, got ${formatValue(header[name])}`);
}
