/**
 * `orgpass token`: mint, verify and look into tokens.
 * @module
 */
import type { Command } from "commander";
import { createMinter } from "../../auth/create-minter.js";
import { createVerifier } from "../../auth/create-verifier.js";
import type { VerifiedToken } from "../../auth/verified-token.js";
import { describe } from "../../encoding/display.js";
import { parseJson } from "../../encoding/json.js";
import { ConfigError, isOrgpassError } from "../../errors.js";
import { createOrgIdResolver } from "../../orgid/resolver.js";
import { orgid } from "../../profiles/orgid.js";
import { decodeToken } from "../../token/compact-jws.js";
import { addCommand, type CommandHost, type CommonFlags, type Outcome, toJson } from "../command.js";
import { EXIT, exitCodeOf } from "../exit-code.js";
import type { CliIo } from "../io.js";
import { loadPrivateKey, readStdinText } from "../key-source.js";
import { lowerCaseDid, withRegistry } from "../organization.js";
import { formatTime, parseDuration, parseTime } from "../time.js";

interface MintFlags extends CommonFlags {
	readonly key: string;
	readonly issuer: string;
	readonly audience: string[];
	readonly ttl?: string;
	readonly maxLifetime?: string;
	readonly scope?: string;
	readonly scopeFormat?: "text" | "json";
	readonly now?: string;
	readonly password?: string;
}

interface VerifyFlags extends CommonFlags {
	readonly audience: string[];
	readonly scope?: string;
	readonly maxLifetime?: string;
	readonly clockTolerance?: string;
	readonly now?: string;
}

const AUDIENCE_FLAG = ["*--audience <did>", "for whom the token is; may be repeated"] as const;
const NOW_FLAG = ["--now <time>", "seconds or ISO 8601, instead of the clock"] as const;

/** Adds `token mint|verify|decode`. */
export function addTokenCommands(program: Command, host: CommandHost): void {
	const token = program.command("token").description("mint, verify and look into tokens");

	addCommand<MintFlags>(token, host, {
		usage: "mint [claims...]",
		description: "make a token; further claims as claim=value, where the value is JSON or text",
		flags: [
			["!--key <key>", "the private key"],
			["!--issuer <did>", "DID URL of the key: did:orgid:…#webserver"],
			AUDIENCE_FLAG,
			["--ttl <duration>", "its life: 30s, 15m, 1h (default), 24h"],
			["--max-lifetime <duration>", "the longest life to allow; 24h by default, as verifiers have it"],
			["--scope <scopes>", "what it grants, space-delimited"],
			["--scope-format <format>", "text (default), or json as Winding Tree's SDK reads it"],
			NOW_FLAG,
			["--password <source>", "password of the key, where it has one: a file, - or env:NAME"],
		],
		example:
			"orgpass token mint --key k.pem --issuer did:orgid:…#webserver --audience did:orgid:… --scope book",
		run: ({ io, options, rest }) => mint(io, options, rest),
	});

	addCommand<VerifyFlags>(token, host, {
		usage: "verify <token>",
		description: "verify a token (- reads it from standard input); exit code 1 if it is refused",
		flags: [
			AUDIENCE_FLAG,
			["--scope <scopes>", "scopes it must carry"],
			["--max-lifetime <duration>", "the longest life it may have; 24h by default"],
			["--clock-tolerance <duration>", "how far clocks may differ; 30s by default"],
			NOW_FLAG,
		],
		example: "orgpass token verify - --audience did:orgid:… < token.jwt",
		run: async ({ io, options, operands: [token = ""] }) => verify(io, options, await readToken(io, token)),
	});

	addCommand(token, host, {
		usage: "decode <token>",
		description: "show a token's header and claims (- reads standard input); nothing is verified",
		async run({ io, operands: [token = ""] }) {
			const { header, claims } = decodeToken(await readToken(io, token));
			return { data: { header, claims }, text: `not verified\n${toJson(header, 2)}\n${toJson(claims, 2)}` };
		},
	});
}

async function mint(io: CliIo, options: MintFlags, claimTexts: readonly string[]): Promise<Outcome> {
	const { ttl = "1h", maxLifetime = "24h", scopeFormat = "text", scope } = options;
	const now = clock(options.now);
	const audience = readAudience(options);
	const [only, second] = audience;
	const minter = createMinter({
		profile: "orgid",
		key: await loadPrivateKey(io, options.key, options.password),
		issuer: lowerCaseDid(options.issuer),
		audience: only !== undefined && second === undefined ? only : audience,
		ttlSeconds: parseDuration(ttl, "--ttl"),
		maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime"),
		scopeFormat,
		...(now === undefined ? {} : { now }),
	});
	const claims = readClaims(claimTexts);
	const token = await minter.mint({ claims, ...(scope === undefined ? {} : { scope }) });
	const parts = decodeToken(token);
	const data = { token, header: parts.header, claims: parts.claims, expiresAt: parts.claims["exp"] };
	return { data, text: token };
}

function verify(io: CliIo, options: VerifyFlags, token: string): Promise<Outcome> {
	const { maxLifetime = "24h", clockTolerance = "30s", scope } = options;
	const now = clock(options.now);
	const audience = readAudience(options);
	const times = {
		maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime"),
		clockToleranceSeconds: parseDuration(clockTolerance, "--clock-tolerance"),
		...(now === undefined ? {} : { now }),
	};
	return withRegistry(io, options, async (registry, { chainId }) => {
		const resolver = createOrgIdResolver({ networks: [{ chainId, registry }], defaultChainId: chainId });
		const profile = orgid({ audience, resolver, chainIds: [chainId], defaultChainId: chainId });
		const verifier = createVerifier({ profiles: [profile], ...times });
		try {
			const verified = await verifier.verify(token, scope === undefined ? {} : { scope });
			return { data: { valid: true, ...verified }, text: describeVerified(verified) };
		} catch (error) {
			return refusal(error);
		}
	});
}

/** A refused token is an answer of this command; anything else is its failure. */
function refusal(error: unknown): Outcome {
	if (!isOrgpassError(error) || exitCodeOf(error.code) !== EXIT.refused) throw error;
	const { code, message } = error;
	return {
		data: { valid: false, code, message },
		text: `refused: ${message} (${code})`,
		exitCode: EXIT.refused,
	};
}

function describeVerified({ issuer, keyId, scopes, expiresAt, claims }: VerifiedToken): string {
	return [
		`valid until ${formatTime(expiresAt)}`,
		`issuer  ${issuer}`,
		`key     ${keyId}`,
		`scopes  ${scopes.join(" ") || "none"}`,
		toJson(claims, 2),
	].join("\n");
}

async function readToken(io: CliIo, operand: string): Promise<string> {
	return operand === "-" ? readStdinText(io) : operand;
}

function readAudience({ audience }: { readonly audience?: string[] }): string[] {
	if (audience === undefined) throw new ConfigError("config/usage", "expected --audience <did>");
	return audience.map(lowerCaseDid);
}

function clock(now: string | undefined): (() => number) | undefined {
	if (now === undefined) return undefined;
	const seconds = parseTime(now, "--now");
	return () => seconds;
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
