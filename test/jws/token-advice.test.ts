import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { TokenError } from "../../src/errors/errors.ts";
import { addTokenAdvice } from "../../src/jws/token-advice.ts";
import { toIoAddress } from "../../src/keys/address.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";

const { privateKey, publicKey } = await generateKeyPair();
const minter = createIoctlMinter({ key: privateKey });
const TOKEN = await minter.mint({ resource: "https://shop.example", operation: "Read" });
const [HEADER = "", PAYLOAD = "", SIGNATURE = ""] = TOKEN.split(".");
const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: [toIoAddress(publicKey)] })] });

async function messageFor(input: unknown): Promise<string> {
	const error: unknown = await verifier.verify(input as string).catch((thrown: unknown) => thrown);
	expect(error).toMatchObject({ code: "token/malformed" });
	return (error as Error).message;
}

const CASES: readonly (readonly [what: string, input: unknown, advice: string])[] = [
	["in double quotes", `"${TOKEN}"`, "in quotes"],
	["in single quotes", `'${TOKEN}'`, "in quotes"],
	["with a quote before it", `"${TOKEN}`, "in quotes"],
	["with Bearer before it", `Bearer ${TOKEN}`, "pass only what follows"],
	["with bearer before it", `bearer  ${TOKEN}`, "pass only what follows"],
	["in an Authorization header", `Authorization: Bearer ${TOKEN}`, "follows Bearer"],
	["after a name", `token: ${TOKEN}`, "begins with eyJ"],
	["after a name and =", `TOKEN=${TOKEN}`, "begins with eyJ"],
	["after ioctl's label", `JWT token: ${TOKEN}`, "begins with eyJ"],
	["after many words", `${"word ".repeat(20)}${TOKEN}`, "begins with eyJ"],
	["in JSON", JSON.stringify({ token: TOKEN, header: {} }), "jq -r .token"],
	[
		"in the JWS JSON serialization",
		JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
		"compact",
	],
	["with a line break at its end", `${TOKEN}\n`, "around it"],
	["with line breaks inside", `${HEADER}.\n${PAYLOAD}.\n${SIGNATURE}`, "tr -d"],
	["with a space inside", `${HEADER}.${PAYLOAD} .${SIGNATURE}`, "tr -d"],
	["with a tab inside", `${HEADER}.\t${PAYLOAD}.${SIGNATURE}`, "tr -d"],
	["with a carriage return inside", `${HEADER}.${PAYLOAD}.\r${SIGNATURE}`, "tr -d"],
	["in UTF-16 that was read as UTF-8", Buffer.from(`\ufeff${TOKEN}`, "utf16le").toString(), "UTF-16"],
	["encoded in base64 once more", Buffer.from(TOKEN).toString("base64"), "once more"],
	["without its signature", `${HEADER}.${PAYLOAD}`, "two parts"],
	["cut in its first part", HEADER, "one part"],
	["shortened by a terminal", `${TOKEN.slice(0, 80)}...`, "shortened"],
	["with padding", `${HEADER}=.${PAYLOAD}=.${SIGNATURE}==`, "padding"],
	["in base64 instead of base64url", `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -2)}+/`, "instead of base64url"],
	["with the + of base64", `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -1)}+`, "instead of base64url"],
	["with the / of base64", `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, -1)}/`, "instead of base64url"],
	["that is encrypted", `${HEADER}.a.b.c.d`, "encrypted"],
	["that is empty", " \n", "empty"],
	["that is missing", "undefined", "missing value"],
	["that is a variable's name", "$TOKEN", "wasn't expanded"],
	["that is a file name", "token.jwt", "orgpass token verify - < FILE"],
	["that is a file name with three parts", "my.token.jwt", "orgpass token verify - < FILE"],
	["that is a path", "/run/secrets/token.v1.x", "orgpass token verify - < FILE"],
	["that is a word", "token", "orgpass token verify - < FILE"],
	["that is a PEM", "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----", "a key, not a token"],
	...[".jwt", ".jws", ".token", ".tok", ".txt", ".json", ".pem", ".KEY"].map(
		(ending) => [`that is the name of a file with ${ending}`, `my.v1${ending}`, "the name of a file: "] as const,
	),
	["that is a PEM in base64", Buffer.from("-----BEGIN PRIVATE KEY-----").toString("base64"), "a key in base64"],
	["in JSON with a payload", JSON.stringify({ payload: PAYLOAD }), "jq -r .token"],
	["in JSON with a signature", JSON.stringify({ signature: SIGNATURE }), "jq -r .token"],
	["that is an access token", "ghs_16C7e42F292c6912E7710c838347Ae178B4a", "an access token"],
	["that is a personal access token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "an access token"],
	["that is a setting", "env:TOKEN", "pass its value, such as"],
	["that is an http URL", "http://localhost/?token=x", "a URL"],
	["that is a JWK", JSON.stringify({ kty: "EC" }), "a key, not a token"],
	["that is hexadecimal", `0x${"11".repeat(32)}`, "hexadecimal"],
	["that is a DID", `did:orgid:100:0x${"0a".repeat(32)}#k`, "a DID"],
	["that is a URL", `https://shop.example/?token=${TOKEN}`, "a URL"],
	["as bytes", Buffer.from(TOKEN), "TextDecoder"],
	["as a Promise", Promise.resolve(TOKEN), "await"],
];

describe("a refused token", () => {
	it("is valid without the mistakes below", async () => {
		expect(await verifier.verify(TOKEN)).toMatchObject({ profile: "ioctl" });
	});

	it.each(CASES)("%s gets advice that contains no part of it", async (_what, input, advice) => {
		const message = await messageFor(input);
		expect(message).toContain(advice);
		for (let at = 0; at + 8 <= TOKEN.length; at++) expect(message).not.toContain(TOKEN.slice(at, at + 8));
	});

	it.each([
		["four parts", `${TOKEN}.x`],
		["four parts and padding", `${TOKEN}.x=`],
		["something right before it", `x${TOKEN}`],
		["broken base64url", `${HEADER}.${PAYLOAD}.*`],
		["words with dots", "a.b.c"],
	])("with %s keeps its own message", async (_what, input) => {
		expect(await messageFor(input)).toMatch(/^(?:expected three parts|the token's (?:header|payload|signature): )/);
	});
});

describe("advice about a refused token", () => {
	const error = new TokenError("token/malformed", "refused", { details: { part: "header" } });

	it("keeps the code and the details, and has the first error as its cause", () => {
		const advised = addTokenAdvice(error, "token.jwt") as TokenError;
		expect(advised).toMatchObject({ code: "token/malformed", details: { part: "header" }, cause: error });
		expect(advised.message).toContain("the name of a file");
	});

	it("is given for up to 8,192 characters", () => {
		expect(addTokenAdvice(error, "x".repeat(8_193))).toBe(error);
		expect(addTokenAdvice(error, "x".repeat(8_192))).not.toBe(error);
	});

	it("isn't given for other errors", () => {
		for (const other of [new TokenError("token/expired", "x"), new SyntaxError("x"), undefined]) {
			expect(addTokenAdvice(other, "token.jwt")).toBe(other);
		}
	});
});
