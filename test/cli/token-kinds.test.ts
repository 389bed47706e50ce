import { Command, Option } from "commander";
import { expect, it } from "vitest";
import { addTokenCommands } from "../../src/cli/commands/token/token.ts";
import { loadPrivateKey } from "../../src/cli/key-source.ts";
import type { TokenKindDescriptor } from "../../src/cli/token-kinds/token-kind.ts";
import { TOKEN_KINDS } from "../../src/cli/token-kinds/token-kinds.ts";
import type { CompactJws } from "../../src/jws/decode-token.ts";
import { signToken } from "../../src/jws/sign-token.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { verifyData } from "../../src/keys/sign.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import * as sample from "../keys/sample-keys.ts";

const NOW = 1_800_000_000;
const TYPE = "ticket+jwt";

const isTicket = ({ header }: CompactJws): boolean => header["typ"] === TYPE;

/** A kind of token that the package doesn't know: a seat, signed with a key that the verifier is given. */
const TICKET: TokenKindDescriptor<{ seat: string }, { boxOffice: string }> = {
	name: "ticket",
	mintOptions: [new Option("--seat <name>", "the seat")],
	verifyOptions: [new Option("--box-office <key>", "public key of the box office")],
	async mint({ context, flags: { key, seat }, lifetime: { lifetimeSeconds = 60, now } }) {
		const signer = await loadPrivateKey(context, { source: key, option: "--key" });
		const claims = { iss: "box office", seat, exp: (now?.() ?? 0) + lifetimeSeconds };
		return signToken({ header: { alg: "ES256K", typ: TYPE }, claims, signer });
	},
	async createProfile({ flags: { boxOffice } }): Promise<Profile> {
		const key = importPublicKey(boxOffice);
		return {
			name: "ticket",
			recognizes: isTicket,
			parseIssuer: () => ({
				issuer: "box office",
				signer: "the box office",
				resolve: async () => ({
					findSigner: async ({ signingInput, signature }) =>
						(await verifyData(key, signingInput, signature)) ? "box office" : undefined,
				}),
			}),
			verifyClaims: ({ claims }) => ({ expiresAt: claims["exp"] as number, scopes: [] }),
		};
	},
	recognizes: isTicket,
	inspect: async ({ header }) => (header["typ"] === TYPE ? { data: { isTicket: true }, text: "a ticket" } : undefined),
};

async function run(...argv: string[]): Promise<{ text: string; exitCode: number }> {
	let text = "";
	let exitCode = -1;
	const print = (more: string): void => {
		text += more;
	};
	const context = {
		env: { KEY: sample.SCALAR_HEX },
		cwd: "/",
		stdout: print,
		stderr: print,
		readStdin: async () => new Uint8Array(),
		askSecret: async () => undefined,
		signal: new AbortController().signal,
	};
	const program = new Command("orgpass")
		.exitOverride()
		.configureOutput({ writeOut: print, writeErr: print, getOutHelpWidth: () => 1_000 });
	const setExitCode = (code: number): void => {
		exitCode = code;
	};
	const summary = { name: "token", description: "" };
	const loadProgram = async (): Promise<Command> => program;
	addTokenCommands(program, { context, setExitCode, loadProgram }, summary, [...TOKEN_KINDS, TICKET]);
	await program.parseAsync(["token", ...argv], { from: "user" }).catch(() => undefined);
	return { text, exitCode };
}

/** The kinds in their order, with the new one at the end. */
const PROFILES = new RegExp(`--profile <name>.*${[...TOKEN_KINDS, TICKET].map(({ name }) => `"${name}"`).join(", ")}`);

const mint = ["mint", "--profile", "ticket", "--key", "env:KEY", "--seat", "12A", "--now", String(NOW)];
const verify = ["--profile", "ticket", "--box-office", `0x${sample.UNCOMPRESSED_HEX}`, "--now", String(NOW)];

it("adds a new profile to the help of token mint and token verify", async () => {
	const minting = (await run("mint", "--help")).text;
	expect(minting).toMatch(PROFILES);
	expect(minting).toContain("--seat <name>");
	const verifying = (await run("verify", "--help")).text;
	expect(verifying).toMatch(PROFILES);
	expect(verifying).toContain("--box-office <key>");
});

it("mints, verifies and decodes tokens of a new profile", async () => {
	const { text, exitCode } = await run(...mint);
	expect(exitCode).toBe(0);
	const token = text.trim();
	const verified = await run("verify", token, ...verify, "--json");
	expect(JSON.parse(verified.text)).toMatchObject({
		valid: true,
		profile: "ticket",
		issuer: "box office",
		claims: { seat: "12A", exp: NOW + 60 },
	});
	const tampered = await run("verify", token.replace(/.{9}$/, "AAAAAAAAA"), ...verify, "--json");
	expect(tampered).toMatchObject({ exitCode: 1 });
	expect((await run("decode", token)).text).toMatch(/\na ticket\n$/);
	expect(JSON.parse((await run("decode", token, "--json")).text)).toMatchObject({ isTicket: true });
});

it("rejects the options of one profile for another", async () => {
	const foreign = await run("mint", "--key", "env:KEY", "--profile", "ioctl", "--seat", "12A");
	expect(foreign.exitCode).toBe(2);
	expect(foreign.text).toContain("--seat doesn't apply to --profile ioctl");
	const other = await run(...mint, "--operation", "Read");
	expect(other.text).toContain("--operation doesn't apply to --profile ticket");
	const { text } = await run("verify", "x", ...verify, "--trusted-issuer", "io1");
	expect(text).toContain("--trusted-issuer doesn't apply to --profile ticket");
});

it("profile names are unique", () => {
	const names = TOKEN_KINDS.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
});
