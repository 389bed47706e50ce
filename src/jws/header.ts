/**
 * The header rules that all profiles share (RFC 7515 section 4.1, RFC 8725 section 3.1).
 * @module
 */
import type { JsonObject } from "../encoding/json.js";
import { formatValue, TokenError } from "../errors/errors.js";

/** Parameters that embed a key, name where to fetch one, or change how the token must be processed. */
const REFUSED = ["jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty"] as const;

/** What a profile requires of a header. */
export interface HeaderRules {
	/** The only `alg` accepted: the verifier's choice, never the token's. */
	readonly algorithm: string;
	/** The only `kid` accepted, if there is one. */
	readonly keyId: unknown;
	/** Whether `kid` is required. Default: false. */
	readonly isKeyIdRequired?: boolean;
	/** The only media type accepted as `typ`, which is then required. Default: `JWT`, or no `typ`. */
	readonly type?: string;
}

/**
 * Checks a token's header. Parameters that embed a key, name where to fetch one or change how the token is processed
 * are refused; unknown ones are ignored. `typ` is case-insensitive, with or without `application/`. Use it in the
 * `parseIssuer` of a custom {@link Profile}.
 *
 * @example
 * ```ts
 * import { assertHeader } from "orgpass/jws";
 *
 * const rules = { algorithm: "ES256K", keyId: "key-1" };
 * assertHeader({ alg: "ES256K", typ: "JWT", kid: "key-1" }, rules); // => undefined
 * assertHeader({ alg: "none" }, rules); // => throws token/algorithm
 * ```
 * @param header the JOSE header
 * @param rules what the profile requires
 * @throws {TokenError} `token/algorithm`, `token/critical`, `token/header`, `token/type`, `token/key-id`
 * @see RFC 7515 section 4, RFC 8725 section 3.1
 */
export function assertHeader(header: JsonObject, rules: HeaderRules): void {
	const { algorithm, keyId, isKeyIdRequired = false, type } = rules;
	if (header["alg"] !== algorithm) {
		throw new TokenError("token/algorithm", `expected alg "${algorithm}", got ${formatValue(header["alg"])}`);
	}
	if (Object.hasOwn(header, "crit")) {
		throw new TokenError("token/critical", "expected no crit: critical header parameters are not supported");
	}
	for (const name of REFUSED) {
		if (Object.hasOwn(header, name)) {
			const details = { parameter: name };
			throw new TokenError("token/header", `expected no ${name} in the header`, { details });
		}
	}
	assertMember(header, "typ", type ?? "JWT", type !== undefined, "token/type");
	assertMember(header, "kid", keyId, isKeyIdRequired, "token/key-id");
}

/** Checks whether a `typ` names a media type, ignoring case; `application/` may be left out. */
export function isMediaType(typ: unknown, type: string): boolean {
	if (typ === type) return true;
	if (typeof typ !== "string") return false;
	const [one, other] = [toMediaType(typ), toMediaType(type)];
	// Lowercasing alone would turn the Kelvin sign into a k.
	return one.toLowerCase() === other.toLowerCase() && one.toUpperCase() === other.toUpperCase();
}

function toMediaType(typ: string): string {
	return typ.includes("/") ? typ : `application/${typ}`;
}

function assertMember(
	header: JsonObject,
	name: "typ" | "kid",
	value: unknown,
	isRequired: boolean,
	code: "token/type" | "token/key-id",
): void {
	const got = header[name];
	const isValid = name === "typ" ? isMediaType(got, value as string) : got === value;
	if (Object.hasOwn(header, name) ? isValid : !isRequired) return;
	const optional = value === undefined ? "absent" : `${formatValue(value)} or none`;
	const expected = isRequired ? formatValue(value) : optional;
	throw new TokenError(code, `expected ${name} ${expected}, got ${formatValue(got)}`);
}
