/**
 * The audience in the options of organizations' profiles and minters.
 * @module
 */
import { aliasesOf } from "../../did/did-aliases.js";
import { type DidUrl, parseDidUrl, toCanonicalDidUrl } from "../../did/did-url.js";
import { invalidOption } from "../../options/invalid-option.js";

type Audience = string | readonly string[];

const PREFIX = "did:orgid:";
const EXPECTED = "a bare DID in lower case, without a fragment: did:orgid:<chain id>:0x<64 lower-case hex digits>";

/** Throws if a name looks like an organization's DID but isn't written exactly as in `aud`. */
export function assertAudienceOption(audience: Audience): void {
	for (const name of [audience].flat()) parseOrganization(name);
}

/** Returns the strings that name a server in `aud`; a DID on the default chain may also omit the chain. */
export function toAudienceNames(audience: Audience, defaultChainId: number | undefined): readonly string[] {
	return Object.freeze([audience].flat().flatMap((name) => namesOf(name as string, defaultChainId)));
}

function namesOf(name: string, defaultChainId: number | undefined): readonly string[] {
	const did = parseOrganization(name);
	if (did === undefined || defaultChainId === undefined) return [name];
	const canonical = toCanonicalDidUrl(did, defaultChainId);
	return canonical.chainId === defaultChainId ? aliasesOf(canonical) : [name];
}

/** Parses an organization's DID; undefined for any other name. */
function parseOrganization(name: string): DidUrl | undefined {
	if (!name.trimStart().toLowerCase().startsWith(PREFIX)) return undefined;
	try {
		const did = parseDidUrl(name);
		if (did.fragment === undefined) return did;
	} catch {
		// Reported below, with the option's name.
	}
	throw invalidOption("audience", EXPECTED, { got: name });
}
