/**
 * What was checked at a step, in the words of the token or the registry.
 * @module
 */
import type { JsonObject } from "../../encoding/json.js";
import type { OrgRecord } from "../../registry/org-record.js";

const HEADER = ["alg", "typ", "kid"];
const CLAIMS = ["aud", "sub", "scope", "iat", "nbf", "exp", "jti"];

export function headerFacts(header: JsonObject): JsonObject {
	return pick(header, HEADER);
}

export function claimFacts(claims: JsonObject): JsonObject {
	return pick(claims, CLAIMS);
}

/** `did` is canonical. */
export function chainFacts(did: string): JsonObject {
	return { chainId: Number(did.split(":")[2]) };
}

export function recordFacts(organization: OrgRecord | undefined): JsonObject {
	if (organization === undefined) return {};
	const { did, kind, registry, blockNumber, blockTimestamp } = organization;
	return { did, kind, registry, blockNumber, blockTimestamp };
}

export function organizationFacts(organization: OrgRecord | undefined): JsonObject {
	if (organization === undefined) return {};
	const { owner, director, active } = organization;
	return { owner, ...(director !== undefined && { director }), active };
}

/** `signer` is the DID URL of a key or account, or a description of several. */
export function keyFacts(organization: OrgRecord | undefined, signer: string): JsonObject {
	const key = organization?.keys.find(({ fragment }) => signer === `${organization.did}#${fragment}`);
	if (key === undefined) return { keyId: signer };
	const { validFrom, validUntil, addedAt } = key;
	return { keyId: signer, ...(validFrom !== 0 && { validFrom }), ...(validUntil !== 0 && { validUntil }), addedAt };
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
	return Object.fromEntries(names.filter((name) => Object.hasOwn(object, name)).map((name) => [name, object[name]]));
}
