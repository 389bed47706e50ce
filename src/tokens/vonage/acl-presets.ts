/**
 * The ACLs that Vonage's documentation lists for its Client SDKs.
 * @module
 */
import * as v from "valibot";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, restriction } from "../../options/schemas.js";
import { parseAcl } from "./acl.js";
import type { Acl } from "./acl-schema.js";

/** The resources of the guide's sample token, in its order; `rtc` is only in newer samples. */
const DEFAULT_RESOURCES = [
	"users",
	"conversations",
	"sessions",
	"devices",
	"image",
	"media",
	"applications",
	"push",
	"knocking",
	"legs",
] as const;

const resource = v.picklist([...DEFAULT_RESOURCES, "rtc"], "a resource of the Client SDK");
const RESOURCES_EXPECTED = "a non-empty array of resources of the Client SDK";

const schema = optionsSchema<ClientSdkAclOptions>({
	resources: restriction(v.pipe(v.array(resource, RESOURCES_EXPECTED), v.nonEmpty(RESOURCES_EXPECTED))),
});

/**
 * A part of Vonage's API that a Client SDK calls: `sessions` to log in, `users` and `conversations` to
 * manage them and to send messages, `image` and `media` to send and receive media, `knocking` and `legs` for
 * calls, `push`, `devices` and `applications` for notifications, `rtc` for newer SDKs.
 */
export type ClientSdkResource = (typeof DEFAULT_RESOURCES)[number] | "rtc";

/** Options of {@link clientSdkAcl}. */
export interface ClientSdkAclOptions {
	/** The resources to allow. Default: those of the guide's sample token, which are all but `rtc`. */
	readonly resources?: readonly ClientSdkResource[];
}

/**
 * Creates the ACL of a user of Vonage's Client SDKs: it allows any method, any version of the API and every path below
 * the resources. Allow a user only what the app needs.
 *
 * @example
 * ```ts
 * import { aclAllows, clientSdkAcl } from "orgpass/tokens";
 *
 * const acl = clientSdkAcl({ resources: ["sessions", "conversations"] });
 * aclAllows(acl, { method: "POST", path: "/v0.3/conversations" }); // => true
 * aclAllows(acl, { method: "POST", path: "/v0.3/legs" }); // => false
 * ```
 * @param options the resources to allow; by default those of the vendor's sample
 * @returns the ACL, deeply frozen
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see https://developer.vonage.com/en/conversation/guides/jwt-acl
 */
export function clientSdkAcl(options: ClientSdkAclOptions = {}): Acl {
	assertOptions(schema, options, "clientSdkAcl");
	const { resources = DEFAULT_RESOURCES } = options;
	return parseAcl({ paths: Object.fromEntries(resources.map((name) => [patternOf(name), {}])) });
}

function patternOf(name: ClientSdkResource): string {
	return ["", "*", name, "**"].join("/");
}
