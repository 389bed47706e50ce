/**
 * Which audience the servers of an origin have.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";
import { assertAudienceOption } from "../tokens/orgid/organization-audience.js";

const EXPECTED = "an https origin, such as https://api.hotel.example";

/** Keys the audiences by origin as `URL.origin` writes it: lower case, without the default port. */
export function parseOriginAudiences(
	audiences: Readonly<Record<string, string>>,
	allowHttp: boolean,
): ReadonlyMap<string, string> {
	const parsed = new Map<string, string>();
	for (const [name, audience] of Object.entries(audiences)) {
		const origin = parseOrigin(name, allowHttp);
		if (parsed.has(origin)) throw invalidOption("audiences", `origins without duplicates, got ${origin} twice`);
		assertAudienceOption(audience);
		parsed.set(origin, audience);
	}
	if (parsed.size === 0) throw invalidOption("audiences", "an object with at least one origin");
	return parsed;
}

function parseOrigin(name: string, allowHttp: boolean): string {
	const url = URL.parse(name);
	const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
	if (!isOrigin || /[?#@*]/.test(name)) throw invalidOption("audiences", EXPECTED);
	if (url.protocol === "https:" || allowHttp || isLoopback(url.hostname)) return url.origin;
	throw invalidOption("audiences", `${EXPECTED} (http needs allowHttp)`, { got: url.origin });
}

/** `URL` has already written IPv4 addresses in four decimal parts. */
function isLoopback(hostname: string): boolean {
	return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
