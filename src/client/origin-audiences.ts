/**
 * Which audience the servers of an origin have, and the scopes of their tokens.
 * @module
 */
import * as v from "valibot";
import { formatValue } from "../errors/errors.js";
import { toScopes } from "../jws/scope.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyObject, optionsSchema } from "../options/schemas.js";
import { nonEmptyString, stringOrStrings } from "../options/value-schemas.js";
import { assertAudienceOption } from "../tokens/orgid/organization-audience.js";

/** What the tokens for an origin grant. */
export interface OriginAudience {
	/** The DID or name of the server. */
	readonly audience: string;
	/** The scopes of its tokens: space-delimited, or an array; none by default. */
	readonly scope?: string | readonly string[] | undefined;
}

const AUDIENCES = "an object with an audience, or { audience, scope }, for each origin";

const originAudience = optionsSchema<OriginAudience>(
	{ audience: nonEmptyString, scope: v.optional(stringOrStrings) },
	"an audience, or { audience, scope }",
);

/** The schema of {@link parseOriginAudiences}'s first argument. */
export const originAudiences: v.GenericSchema = v.pipe(
	anyObject(AUDIENCES),
	v.record(
		v.string(),
		v.lazy((value) => (typeof value === "string" ? nonEmptyString : originAudience)),
	),
);

const EXPECTED = "an https origin without a path, such as https://api.hotel.example";

/** Keys the audiences by origin as `URL.origin` writes it: lower case, without the default port. */
export function parseOriginAudiences(
	audiences: Readonly<Record<string, string | OriginAudience>>,
	allowHttp: boolean,
): ReadonlyMap<string, OriginAudience> {
	const parsed = new Map<string, OriginAudience>();
	for (const [name, value] of Object.entries(audiences)) {
		const origin = parseOrigin(name, allowHttp);
		const { audience, scope } = typeof value === "string" ? { audience: value } : value;
		if (parsed.has(origin)) throw invalidOption("audiences", `origins without duplicates, got ${origin} twice`);
		assertAudienceOption(audience);
		parsed.set(origin, scope === undefined ? { audience } : { audience, scope: toScopes(scope) });
	}
	if (parsed.size === 0) throw invalidOption("audiences", "an object with at least one origin");
	return parsed;
}

function parseOrigin(name: string, allowHttp: boolean): string {
	const url = URL.parse(name);
	const isHttp = url !== null && /^https?:$/.test(url.protocol);
	if (!isHttp || name.includes("*")) throw invalidOption("audiences", EXPECTED);
	// What follows the origin, or a password before it, isn't shown.
	if (url.href !== `${url.origin}/` || /[?#@]/.test(name)) {
		throw invalidOption("audiences", `${EXPECTED}, got more than ${formatValue(url.origin)}`);
	}
	if (url.protocol === "https:" || allowHttp || isLoopback(url.hostname)) return url.origin;
	throw invalidOption("audiences", `${EXPECTED} (http needs allowHttp)`, { got: url.origin });
}

/** `URL` has already written IPv4 addresses in four decimal parts. */
function isLoopback(hostname: string): boolean {
	return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
