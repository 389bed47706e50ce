/**
 * `orgpass token mint`.
 * @module
 */
import { createMinter } from "../../../auth/create-minter.js";
import type { MinterOptions } from "../../../auth/minter-options.js";
import { formatDidUrl, parseDidUrl } from "../../../did/did-url.js";
import { describe } from "../../../encoding/display.js";
import { parseJson } from "../../../encoding/json.js";
import { ConfigError } from "../../../errors.js";
import { toAddress } from "../../../keys/addresses.js";
import type { ProfileName } from "../../../profiles/profile.js";
import { decodeToken } from "../../../token/compact-jws.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliIo } from "../../io.js";
import { loadPrivateKey } from "../../key-source.js";
import { lowerCaseDid, parseTypedDid, withRegistry } from "../../organization.js";
import { parseDuration } from "../../time.js";
import { clock, parseProfile, readAudience } from "./profiles.js";

/** The flags of `token mint`. */
export interface MintFlags extends CommonFlags {
	readonly key: string;
	readonly issuer: string;
	readonly audience: string[];
	readonly profile?: string;
	readonly ttl?: string;
	readonly maxLifetime?: string;
	readonly scope?: string;
	readonly scopeFormat?: "text" | "json";
	readonly now?: string;
	readonly password?: string;
}

/**
 * Makes a token.
 *
 * @param io the world
 * @param options who signs, for whom, for how long
 * @param claimTexts further claims, as `claim=value`
 * @returns the token
 * @throws {OrgpassError} what `createMinter` and `mint` throw
 */
export async function mint(io: CliIo, options: MintFlags, claimTexts: readonly string[]): Promise<Outcome> {
	const { ttl = "1h", maxLifetime = "24h", scope } = options;
	const now = clock(options.now);
	const audience = readAudience(options);
	const [only, second] = audience;
	const minter = createMinter({
		...(await readSigner(io, options)),
		audience: only !== undefined && second === undefined ? only : audience,
		ttlSeconds: parseDuration(ttl, "--ttl"),
		maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime"),
		...(now === undefined ? {} : { now }),
	});
	const claims = readClaims(claimTexts);
	const token = await minter.mint({ claims, ...(scope === undefined ? {} : { scope }) });
	const parts = decodeToken(token);
	const data = { token, header: parts.header, claims: parts.claims, expiresAt: parts.claims["exp"] };
	return { data, text: token };
}

/** Who signs, in the shape of the kind of token; for orgpass's own form the registry is part of what is signed. */
async function readSigner(io: CliIo, options: MintFlags): Promise<MinterOptions> {
	const issuer = lowerCaseDid(options.issuer);
	const profile = options.profile === undefined ? profileOf(issuer) : parseProfile(options.profile);
	if (profile !== "orgid" && options.scopeFormat !== undefined) {
		throw new ConfigError("config/usage", "--scope-format is for --profile orgid");
	}
	const key = await loadPrivateKey(io, options.key, options.password);
	if (profile === "orgid") return { profile, key, issuer, scopeFormat: options.scopeFormat ?? "text" };
	if (profile === "orgid-eth" || profile === "orgid-eip712") return { profile, key, issuer };
	if (profile !== "orgid-account") throw new ConfigError("config/usage", `--profile ${profile} comes later`);
	parseDidUrl(issuer);
	return withRegistry(io, options, async (registry, { chainId }) => {
		const { address } = registry;
		const { orgId, did, fragment } = parseTypedDid(issuer, chainId);
		const role = fragment === "director" ? "director" : "owner";
		const account = toAddress(key.publicKey);
		if ((await registry.read(orgId))?.[role] !== account) {
			io.stderr(`warning: ${account} is not the ${role} of ${did}: nobody will accept the token now\n`);
		}
		const name = formatDidUrl({ chainId, orgId, ...(fragment === undefined ? {} : { fragment }) });
		return { profile, key, issuer: name, registry: address };
	});
}

/** What the issuer says of itself: an account, or a key. */
function profileOf(issuer: string): ProfileName {
	const { fragment = "owner" } = parseDidUrl(issuer);
	return fragment === "owner" || fragment === "director" ? "orgid-account" : "orgid";
}

function readClaims(texts: readonly string[]): Record<string, unknown> {
	const claims = texts.map(readClaim);
	const names = claims.map(([name]) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined)
		throw new ConfigError("config/usage", `the claim ${describe(twice)} is given twice`);
	const rounded = claims.find(([, value]) => Number.isInteger(value) && !Number.isSafeInteger(value));
	if (rounded === undefined) return Object.fromEntries(claims);
	throw new ConfigError(
		"config/usage",
		`the number of ${describe(rounded[0])} would be rounded: quote it as text`,
	);
}

/** `claim=value`; a value that is JSON is taken as JSON. */
function readClaim(text: string): [string, unknown] {
	const at = text.indexOf("=");
	if (at < 1) throw new ConfigError("config/usage", `expected claim=value, got ${describe(text)}`);
	const value = text.slice(at + 1);
	try {
		return [text.slice(0, at), parseJson(value)];
	} catch {
		return [text.slice(0, at), value];
	}
}
