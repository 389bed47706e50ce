/** @module */
import * as v from "valibot";
import { formatValue, PolicyError } from "../../errors/errors.js";
import { decodeAddress } from "../../keys/address.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema, restriction, type Shape } from "../../options/schemas.js";
import { stringOrStrings } from "../../options/value-schemas.js";
import type { DocumentEvidence, OrgRecord } from "../../registry/org-record.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { type AssertToken, markUndecided } from "./policy.js";

/** What {@link requireOrganization} requires; of several values one is enough. */
export interface OrganizationRequirements {
	/** The account that owns the organization. */
	readonly owner?: string | readonly string[];
	/** The director, once they have accepted. */
	readonly director?: string | readonly string[];
	/** The generation of the registry: `orgpass`, `orgid-v1`, `orgid-v3`, or the name of a custom adapter. */
	readonly kind?: string | readonly string[];
	/** The registry's address. */
	readonly registry?: string | readonly string[];
	/** How the organization's document is verified: by its hash on chain, or by its proof. */
	readonly documentEvidence?: DocumentEvidence;
}

const ADDRESSES: ReadonlySet<string> = new Set(["owner", "director", "registry"]);
const ADDRESS = "an address, 0x and 40 hex digits, with a valid checksum if in mixed case";

const shape: Shape<OrganizationRequirements> = {
	owner: restriction(stringOrStrings),
	director: restriction(stringOrStrings),
	kind: restriction(stringOrStrings),
	registry: restriction(stringOrStrings),
	documentEvidence: restriction(v.picklist(["hash", "proof"], '"hash" or "proof"')),
};
const schema = optionsSchema(shape);
const MEMBERS = Object.keys(shape) as (keyof OrganizationRequirements)[];

/**
 * Creates a policy about the organization's record in the registry. Whether it is active is always checked, without a
 * policy. Tokens of other issuers, and those whose resolver doesn't provide the record, are refused.
 *
 * @example
 * ```ts
 * import { requireOrganization } from "orgpass/auth";
 *
 * const policy = requireOrganization({ kind: ["orgpass", "orgid-v3"] });
 * let code: string | undefined;
 * try {
 *   policy({ profile: "github-app", issuer: "7", keyId: "", claims: {}, scopes: [] });
 * } catch (error) {
 *   code = (error as { code: string }).code;
 * }
 * code; // => "policy/organization"
 * ```
 * @param requirements the values to accept, by member; all members must match
 * @returns the policy; it throws `policy/organization` with the member in `details`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function requireOrganization(requirements: OrganizationRequirements): AssertToken {
	assertOptions(schema, requirements, "requireOrganization");
	// Getters of a class aren't listed.
	const members = MEMBERS.filter((name) => name in requirements);
	if (members.length === 0) throw invalidOption("requirements", "at least one requirement");
	const allowed = members.map((name) => [name, toValues(name, requirements[name] ?? [])] as const);
	return function assertOrganization(token) {
		const record = organizationOf(token);
		for (const [name, values] of allowed) {
			const actual = record[name];
			if (typeof actual === "string" && values.has(normalize(name, actual))) continue;
			const message = `the organization's ${name} isn't allowed here: ${formatValue(actual)}`;
			const error = new PolicyError("policy/organization", message, { details: { member: name } });
			// A record without a director says that there is none; without anything else, it is incomplete.
			throw actual === undefined && name !== "director" ? markUndecided(error) : error;
		}
	};
}

/** The record of a token's issuer. */
export function organizationOf({ organization }: VerifiedToken): OrgRecord {
	if (organization !== undefined) return organization;
	const message = "expected a token of an organization, from a resolver that provides its record";
	throw markUndecided(new PolicyError("policy/organization", message));
}

function toValues(name: string, value: string | readonly string[]): ReadonlySet<string> {
	return new Set([value].flat().map((text) => assertValue(name, text)));
}

function assertValue(name: string, text: string): string {
	if (!ADDRESSES.has(name)) return text;
	if (text.startsWith("0x") && decodeAddress(text) !== undefined) return normalize(name, text);
	throw invalidOption(name, ADDRESS, { subject: "requireOrganization", got: text });
}

function normalize(name: string, text: string): string {
	return ADDRESSES.has(name) ? text.toLowerCase() : text;
}
