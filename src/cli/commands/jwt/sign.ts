/**
 * `orgpass jwt sign`: the token of `ioctl jwt sign`, with ioctl's accounts.
 * @module
 */
import { ConfigError, KeyError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { decodeToken } from "../../../jws/decode-token.js";
import { toAddress } from "../../../keys/addresses.js";
import { importPrivateKey } from "../../../keys/import-private-key.js";
import type { PrivateKey } from "../../../keys/private-key.js";
import { invalidOption } from "../../../options/invalid-option.js";
import { ioctlIssuer } from "../../../tokens/ioctl/ioctl-claims.js";
import { createIoctlMinter } from "../../../tokens/ioctl/ioctl-minter.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import { readNow } from "../../time.js";
import { warnOfOperation } from "../token/mint-for-ioctl.js";
import { formatAccount, type IoPrefix } from "./account.js";
import { parseArguments, type SignArguments } from "./arguments.js";
import { readIoctlConfig } from "./config.js";
import { findKeystore } from "./keystore.js";
import { formatMessage, formatSigned } from "./printed.js";
import { resolveSigner } from "./resolve-account.js";
import { type PasswordFlags, readSignerPassword } from "./signer-password.js";

/** The flags of `jwt sign`; those of ioctl that change nothing are not read. */
export interface SignFlags extends CommonFlags, PasswordFlags {
	readonly withArguments?: string;
	readonly signer?: string;
	readonly outputFormat?: string;
	readonly configDir?: string;
	readonly now?: string;
}

/** NumericDates above this are milliseconds, to verifiers, too. */
const MAX_EXPIRY = 1e11;

/** What goes into a token beside `iat` and `iss`, which the signer sets. */
const TAKEN: readonly string[] = ["exp", "sub", "scope"];

/** Signs a token. */
export async function sign(context: CliContext, flags: SignFlags): Promise<Outcome> {
	requireFormat(flags);
	const asked = parseArguments(flags.withArguments ?? "");
	const issuedAt = Math.floor(readNow(flags.now));
	const { key, prefix } = await openSigner(context, flags);
	if (!flags.quiet) warn(context, asked, issuedAt);
	const { publicKey } = key;
	const minter = createIoctlMinter({
		key,
		maxLifetimeSeconds: Number.MAX_SAFE_INTEGER,
		now: () => issuedAt,
	});
	const { expiresAt, resource, operation } = asked;
	const token = await minter.mint({ expiresAt, resource, operation });
	const signer = {
		address: formatAccount(toAddress(publicKey), prefix),
		publicKey: ioctlIssuer(publicKey),
	};
	const text = formatSigned({ token, ...signer, claims: printedClaims(asked, signer.publicKey, issuedAt) });
	const shown = flags.outputFormat === undefined ? text : formatMessage(text);
	const data = { token, signer, claims: decodeToken(token).claims };
	return { data, text: `${shown}\n`, isExact: true };
}

function requireFormat({ outputFormat, json }: SignFlags): void {
	if (outputFormat === undefined) return;
	if (json) throw new ConfigError("config/usage", "expected --output-format or --json, got both");
	if (outputFormat === "json") return;
	throw invalidOption("output-format", "json", { label: "--output-format", got: outputFormat });
}

async function openSigner(
	context: CliContext,
	flags: SignFlags,
): Promise<{ readonly key: PrivateKey; readonly prefix: IoPrefix }> {
	const config = readIoctlConfig(context, flags.configDir);
	const { prefix } = config;
	const account = resolveSigner(config, flags.signer);
	const { path, text, isExposed } = findKeystore(context, config, account);
	if (isExposed && !flags.quiet) {
		context.stderr(`warning: others can read ${formatValue(path)}; run chmod 600 on it\n`);
	}
	const password = await readSignerPassword(context, flags, formatAccount(account, prefix));
	const key = await importPrivateKey(text, { password });
	if (toAddress(key.publicKey) === account) return { key, prefix };
	throw new KeyError("key/mismatch", `${formatValue(path)} holds the key of another account`);
}

function warn(context: CliContext, { given, expiresAt, operation }: SignArguments, issuedAt: number): void {
	const left = [...given.keys()].filter((name) => !TAKEN.includes(name));
	if (left.length > 0) {
		const names = left.map(formatValue).join(", ");
		context.stderr(`warning: not as given in the token: ${names}; only ${TAKEN.join(", ")} are\n`);
	}
	if (expiresAt === 0)
		context.stderr("warning: without exp the token never expires, and verifiers may refuse it\n");
	else if (expiresAt <= issuedAt) context.stderr("warning: exp has passed: the token is expired already\n");
	else if (expiresAt > MAX_EXPIRY)
		context.stderr("warning: exp is after the year 5138: milliseconds for seconds?\n");
	warnOfOperation(context, operation);
}

/** What was given, with what the signer sets in its place. */
function printedClaims(
	{ given }: SignArguments,
	issuer: string,
	issuedAt: number,
): ReadonlyMap<string, string> {
	return new Map([...given, ["exp", given.get("exp") || "0"], ["iat", String(issuedAt)], ["iss", issuer]]);
}
