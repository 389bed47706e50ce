/**
 * `orgpass token`: mint, verify and look into tokens.
 * @module
 */
import type { Command } from "commander";
import { addCommand, type CommandHost } from "../../command.js";
import type { CliContext } from "../../context.js";
import { readStdinText } from "../../key-source.js";
import { DOCUMENT_FETCH_FLAGS } from "../../settings/document-fetching.js";
import { TRUST_FLAGS } from "./accepted-profiles.js";
import { decode } from "./decode.js";
import { mint } from "./mint.js";
import type { MintFlags } from "./mint-flags.js";
import { PROFILE_NAMES } from "./profiles.js";
import { type VerifyFlags, verify } from "./verify.js";

const AUDIENCE_FLAG = ["*--audience <did>", "for whom the token is; may be repeated"] as const;
const NOW_FLAG = ["--now <time>", "seconds or ISO 8601, instead of the clock"] as const;
const NAMES = PROFILE_NAMES.join(", ");

/** Adds `token mint|verify|decode`. */
export function addTokenCommands(program: Command, host: CommandHost): void {
	const token = program.command("token").description("mint, verify and look into tokens");

	addCommand<MintFlags>(token, host, {
		usage: "mint [claims...]",
		description: "make a token; further claims as claim=value, where the value is JSON or text",
		flags: [
			["!--key <key>", "the private key: the organization's or its account's, ioctl's, or an app's RSA key"],
			["--issuer <did>", "DID URL of the key (did:orgid:…#webserver; bare for accounts), or the app's id"],
			AUDIENCE_FLAG,
			["--profile <name>", `its kind: ${NAMES}; by default orgid, for a bare DID orgid-account`],
			["--ttl <duration>", "its life: 30s, 15m, 24h; by default 1h, apps 9m, vonage 15m"],
			["--max-lifetime <duration>", "the longest life to allow; 24h by default, as verifiers have it"],
			["--scope <scopes>", "what it grants, space-delimited; organizations alone"],
			["--scope-format <format>", "text (default), or json as Winding Tree's SDK reads it; orgid alone"],
			["--resource <text>", "the resource it is for (sub); ioctl alone"],
			["--operation <name>", "what it grants (scope): Create, Read, Update or Delete; ioctl alone"],
			["--server-date <date>", "the Date header of the server's last answer: reckon by its clock"],
			NOW_FLAG,
			["--password <source>", "password of the key, where it has one: a file, - or env:NAME"],
		],
		example:
			"orgpass token mint --key k.pem --issuer did:orgid:…#webserver --audience did:orgid:… --scope book",
		run: ({ context, options, rest }) => mint(context, options, rest),
	});

	addCommand<VerifyFlags>(token, host, {
		usage: "verify <token>",
		description: "verify a token (- reads it from standard input); exit code 1 if it is refused",
		flags: [
			AUDIENCE_FLAG,
			["*--profile <name>", `a kind to accept, may be repeated: ${NAMES}; orgid by default`],
			[
				"--accept-milliseconds",
				"take exp in milliseconds, too, as Winding Tree's SDK writes it (orgid-eip712)",
			],
			["--scope <scopes>", "scopes it must carry"],
			["--resource <text>", "what its sub must be, exactly"],
			["--operation <name>", "the operation its scope must be, such as Read"],
			["--method <method>", "the request's method, for a token with an acl (vonage); with --path"],
			["--path <path>", "the request's path"],
			...TRUST_FLAGS,
			["--max-lifetime <duration>", "the longest life it may have; 24h by default"],
			["--clock-tolerance <duration>", "how far clocks may differ; 30s by default"],
			NOW_FLAG,
			...DOCUMENT_FETCH_FLAGS,
		],
		example: "orgpass token verify - --audience did:orgid:… < token.jwt",
		run: async ({ context, options, operands: [token = ""] }) =>
			verify(context, options, await readToken(context, token)),
	});

	addCommand(token, host, {
		usage: "decode <token>",
		description: "show a token's header and claims (- reads standard input); nothing in them is verified",
		run: async ({ context, operands: [token = ""] }) => decode(await readToken(context, token)),
	});
}

async function readToken(context: CliContext, operand: string): Promise<string> {
	return operand === "-" ? readStdinText(context) : operand;
}
