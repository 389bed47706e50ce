/**
 * `orgpass jwt sign`: the tokens of `ioctl jwt sign`, with ioctl's accounts.
 * @module
 */
import { MAX_EPOCH_SECONDS } from "../../../encoding/date-time.js";
import { formatValue, KeyError } from "../../../errors/errors.js";
import { decodeToken } from "../../../jws/decode-token.js";
import { toAddress } from "../../../keys/address.js";
import { importPrivateKey } from "../../../keys/import-private-key.js";
import type { PrivateKey } from "../../../keys/private-key.js";
import { ioctlIssuer } from "../../../tokens/ioctl/ioctl-claims.js";
import { createIoctlMinter } from "../../../tokens/ioctl/ioctl-minter.js";
import type { CommonFlags } from "../../command.js";
import type { CliContext } from "../../context.js";
import { warnUnknownOperation } from "../../ioctl-tokens.js";
import type { Outcome } from "../../outcome.js";
import { waitFor } from "../../progress.js";
import { nowSeconds } from "../../time.js";
import { formatAccount, type IoPrefix } from "./account.js";
import type { SignArguments } from "./arguments.js";
import { readIoctlConfig } from "./config.js";
import { formatMessage, formatSigned } from "./format-signed.js";
import { findKeystore } from "./keystore.js";
import { resolveSigner } from "./resolve-account.js";
import { type PasswordFlags, readSignerPassword } from "./signer-password.js";

/** The options of `jwt sign`, without those that are ignored. */
export interface SignFlags extends CommonFlags, PasswordFlags {
	readonly withArguments?: SignArguments;
	readonly signer?: string;
	readonly outputFormat?: "json";
	readonly configDir?: string;
	readonly now?: number;
}

/** The arguments that go into the token; the signer sets `iat` and `iss`. */
const TOKEN_CLAIMS: readonly string[] = ["exp", "sub", "scope"];

const NO_ARGUMENTS: SignArguments = { expiresAt: 0, resource: "", operation: "", given: new Map() };

export async function sign(context: CliContext, flags: SignFlags): Promise<Outcome> {
	const { withArguments = NO_ARGUMENTS, outputFormat, quiet } = flags;
	const issuedAt = Math.floor(nowSeconds(flags.now));
	const { key, prefix } = await openSigner(context, flags);
	if (!quiet) warn(context, withArguments, issuedAt);
	const { publicKey } = key;
	const maxLifetimeSeconds = Number.MAX_SAFE_INTEGER;
	const minter = createIoctlMinter({ key, maxLifetimeSeconds, now: () => issuedAt });
	const { expiresAt, resource, operation } = withArguments;
	const token = await minter.mint({ expiresAt, resource, operation });
	const signer = {
		address: formatAccount(toAddress(publicKey), prefix),
		publicKey: ioctlIssuer(publicKey),
	};
	const claims = printedClaims(withArguments, signer.publicKey, issuedAt);
	const signed = formatSigned({ token, ...signer, claims });
	const text = outputFormat === undefined ? signed : formatMessage(signed);
	const data = { token, signer, claims: decodeToken(token).claims };
	return { data, text: `${text}\n`, isExact: true };
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
	const key = await waitFor(context, "the key to be decrypted", () => importPrivateKey(text, { password }));
	if (toAddress(key.publicKey) === account) return { key, prefix };
	throw new KeyError("key/mismatch", `${formatValue(path)} has the key of another account`);
}

function warn(context: CliContext, claims: SignArguments, issuedAt: number): void {
	const { stderr } = context;
	const { given, expiresAt, operation } = claims;
	const others = [...given.keys()].filter((name) => !TOKEN_CLAIMS.includes(name)).map(formatValue);
	if (others.length > 0) {
		stderr(
			`warning: the token ignores these arguments: ${others.join(", ")}; it contains only ${TOKEN_CLAIMS.join(", ")}\n`,
		);
	}
	if (expiresAt === 0) stderr("warning: without exp the token never expires, and verifiers may refuse it\n");
	else if (expiresAt <= issuedAt) stderr("warning: exp has passed: the token is already expired\n");
	else if (expiresAt > MAX_EPOCH_SECONDS) stderr("warning: exp is after the year 9999: is it in milliseconds?\n");
	warnUnknownOperation(context, operation);
}

/** The arguments, and what the signer sets. */
function printedClaims({ given }: SignArguments, issuer: string, issuedAt: number): ReadonlyMap<string, string> {
	return new Map([...given, ["exp", given.get("exp") || "0"], ["iat", String(issuedAt)], ["iss", issuer]]);
}
