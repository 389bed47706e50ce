import { beforeAll, describe, expect, it } from "vitest";
import { joinBytes, type Part, signSegments, toSegment } from "../support/forge-token.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** JSON whose base64url has unused bits at its end. */
function unevenJson(value: object): string {
	const text = JSON.stringify(value);
	return utf8(text).length % 3 === 0 ? `${text} ` : text;
}

/** The same segment with the lowest unused bit of its last character set. */
function withTrailingBit(segment: string): string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const last = alphabet.indexOf(segment.slice(-1));
	expect(last % 4).toBe(0);
	return `${segment.slice(0, -1)}${alphabet[last + 1]}`;
}

/** JSON text of claims with a member put in front, so that names can be there twice. */
function textWith(prefix: string, value: object): string {
	return `{${prefix},${JSON.stringify(value).slice(1)}`;
}

describe("T10: one encoding per token", () => {
	it.each<[string, (stage: TokenStage) => Promise<string>]>([
		[
			"trailing bits in the header",
			({ sender, header, claims }) =>
				signSegments(sender.key, withTrailingBit(toSegment(unevenJson(header()))), toSegment(claims())),
		],
		[
			"trailing bits in the payload",
			({ sender, header, claims }) =>
				signSegments(sender.key, toSegment(header()), withTrailingBit(toSegment(unevenJson(claims())))),
		],
		["trailing bits in the signature", async ({ forge }) => withTrailingBit(await forge())],
		[
			"padding",
			({ sender, header, claims }) => {
				const segment = toSegment(unevenJson(claims()));
				const padded = segment.padEnd(Math.ceil(segment.length / 4) * 4, "=");
				return signSegments(sender.key, toSegment(header()), padded);
			},
		],
		[
			"the standard base64 alphabet",
			({ sender, header, claims }) => {
				const segment = toSegment(claims({ x: "~~~~???>>>>~~~~" }));
				const other = segment.replaceAll("-", "+").replaceAll("_", "/");
				expect(other).not.toBe(segment);
				return signSegments(sender.key, toSegment(header()), other);
			},
		],
		[
			"a space inside a segment",
			({ sender, header, claims }) => {
				const segment = toSegment(claims());
				return signSegments(sender.key, toSegment(header()), `${segment.slice(0, 8)} ${segment.slice(8)}`);
			},
		],
		["padding after the signature", async ({ forge }) => `${await forge()}==`],
	])("T10: %s is rejected though correctly signed", async (_what, make) => {
		await stage.refuse(await make(stage), "token/malformed", 0);
	});
});

describe("T11: not a compact JWS", () => {
	it.each<[string, (token: string) => string]>([
		["nothing", () => ""],
		["two dots", () => ".."],
		["one part", (token) => token.replaceAll(".", "")],
		["2 parts", (token) => token.slice(0, token.lastIndexOf("."))],
		["4 parts", (token) => `${token}.AAAA`],
		["5 parts", (token) => `${token}.AAAA.AAAA`],
		["an empty header", (token) => token.slice(token.indexOf("."))],
		["an empty payload", (token) => token.replace(/\..*\./, "..")],
		["a trailing dot", (token) => `${token}.`],
		["a leading dot", (token) => `.${token}`],
		["the Bearer scheme", (token) => `Bearer ${token}`],
		["quotes", (token) => `"${token}"`],
		["a byte order mark", (token) => `\ufeff${token}`],
		["a zero-width space", (token) => token.replace(".", "\u200b.")],
		["full-width dots", (token) => token.replaceAll(".", "\uff0e")],
		["escaped dots", (token) => token.replaceAll(".", "%2E")],
		["a trailing line feed", (token) => `${token}\n`],
		["a trailing NUL", (token) => `${token}\u0000`],
		["a leading space", (token) => ` ${token}`],
		["another token after a comma", (token) => `${token},${token}`],
		[
			"the JSON serialization",
			(token) => {
				const [header, payload, signature] = token.split(".");
				return JSON.stringify({ payload, protected: header, signature });
			},
		],
	])("T11: a token with %s is rejected", async (_what, change) => {
		await stage.refuse(change(await stage.forge()), "token/malformed", 0);
	});

	it.each<[unknown]>([[undefined], [null], [0], [true], [{}], [[]], [() => ""], [Symbol("x")], [10n]])(
		"T11: %s instead of a string is rejected",
		async (value) => {
			await stage.refuse(value as string, "token/malformed", 0);
			await stage.refuse({ toString: () => "a.b.c", length: 5 } as never, "token/malformed", 0);
			await stage.refuse(new String(await stage.forge()) as string, "token/malformed", 0);
		},
	);
});

describe("T16: JSON that parsers read differently", () => {
	const inHeader = (make: (header: object) => Part) => ({ header: make(stage.header()) });
	const inPayload = (make: (claims: object) => Part) => ({ payload: make(stage.claims()) });
	it.each<[string, () => { header?: Part; payload?: Part }]>([
		["a duplicate alg", () => inHeader((header) => textWith('"alg":"none"', header))],
		["a duplicate alg, once escaped", () => inHeader((header) => textWith('"\\u0061lg":"none"', header))],
		["a duplicate kid", () => inHeader((header) => textWith('"kid":"x"', header))],
		["a duplicate iss", () => inPayload((claims) => textWith('"iss":"x"', claims))],
		["a duplicate iss, once escaped", () => inPayload((claims) => textWith('"\\u0069ss":"x"', claims))],
		["a duplicate exp", () => inPayload((claims) => textWith('"exp":1', claims))],
		["a duplicate name in a nested object", () => inPayload((claims) => textWith('"x":[{"a":1,"a":2}]', claims))],
		["an array as payload", () => inPayload((claims) => [claims])],
		["an array as header", () => inHeader((header) => [header])],
		["null as payload", () => ({ payload: "null" })],
		["null as header", () => ({ header: "null" })],
		["a string as payload", () => inPayload((claims) => JSON.stringify(JSON.stringify(claims)))],
		["a number as payload", () => ({ payload: "1" })],
		["data after the payload", () => inPayload((claims) => `${JSON.stringify(claims)}{}`)],
		["a byte order mark", () => inPayload((claims) => joinBytes(BOM, utf8(JSON.stringify(claims))))],
		[
			"bytes that aren't UTF-8",
			() =>
				inPayload((claims) =>
					joinBytes(utf8(`${JSON.stringify(claims).slice(0, -1)},"x":"`), Uint8Array.of(0xff), utf8('"}')),
				),
		],
		[
			"a surrogate as UTF-8 (CESU-8)",
			() =>
				inPayload((claims) =>
					joinBytes(utf8(`${JSON.stringify(claims).slice(0, -1)},"x":"`), Uint8Array.of(0xed, 0xa0, 0x80), utf8('"}')),
				),
		],
		["a lone surrogate, escaped", () => inPayload((claims) => textWith('"x":"\\ud800"', claims))],
		["an extra comma", () => inPayload((claims) => `${JSON.stringify(claims).slice(0, -1)},}`)],
		["a comment", () => inPayload((claims) => `/**/${JSON.stringify(claims)}`)],
		["an empty payload", () => ({ payload: " " })],
	])("T16: %s is rejected though correctly signed", async (_what, make) => {
		await stage.refuse(await stage.forge(make()), "token/malformed", 0);
	});
});

describe("T17: unusual but valid tokens", () => {
	it.each<[string, () => { header?: Part; payload?: Part }]>([
		["whitespace in the header", () => ({ header: JSON.stringify(stage.header(), null, "\t") })],
		[
			"another order of the header's members",
			() => ({ header: Object.fromEntries(Object.entries(stage.header()).reverse()) }),
		],
		["neither typ nor kid", () => ({ header: { alg: "ES256K" } })],
		["an escaped alg", () => ({ header: '{"alg":"\\u0045S256K"}' })],
		["unicode claims", () => ({ payload: stage.claims({ name: "Ελλάδα 🏨", имя: "\u0000" }) })],
		["a fractional exp", () => ({ payload: stage.claims({ exp: stage.now() + 60.5 }) })],
		[
			"exp in exponent notation",
			() => ({
				payload: JSON.stringify(stage.claims({ exp: 0 })).replace('"exp":0', `"exp":${(stage.now() + 60) / 10}e1`),
			}),
		],
		["claims 30 levels deep", () => ({ payload: stage.claims({ x: JSON.parse("[".repeat(30) + "]".repeat(30)) }) })],
	])("T17: a token with %s is accepted", async (_what, make) => {
		expect((await stage.verify(await stage.forge(make()))).issuer).toBe(stage.sender.did);
	});
});
