/** Proofs that time grows with the size of the input, not with its square. */
import { beforeAll, describe, it } from "vitest";
import { parseDidUrl } from "../../src/did/did-url.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { parseScopes } from "../../src/jws/scope.ts";
import { expectLinear } from "../support/duration.ts";
import { toSegment } from "../support/forge-token.ts";
import { refusalOf } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const MEGABYTE = 1_000_000;

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

describe("T12: size", () => {
	it.each<[string, number, (size: number) => string]>([
		["dots", 4 * MEGABYTE, (size) => ".".repeat(size)],
		["letters", 200_000, (size) => "a".repeat(size)],
		["three parts of junk", 400_000, (size) => `${"A".repeat(size)}.${"A".repeat(size)}.${"A".repeat(size)}`],
		["members", 100_000, (size) => `${toSegment(`{${Array.from({ length: size / 10 }, (_, i) => `"${i}":1`)}}`)}.e30.`],
		[
			"escaped names",
			100_000,
			(size) => `${toSegment(`{${Array.from({ length: size / 20 }, (_, i) => `"\\u0061${i}":1`)}}`)}.e30.`,
		],
		["backslashes", 400_000, (size) => `${toSegment(`{"a":"${"\\\\".repeat(size)}"}`)}.e30.`],
		["open brackets", 400_000, (size) => `${toSegment("[".repeat(size))}.e30.`],
		["spaces", 400_000, (size) => `${toSegment(`{${" ".repeat(size)}}`)}.e30.`],
	])("T12: decoding time is linear in the size of %s, with a raised limit", async (_what, size, make) => {
		await expectLinear(make, size, (token) => {
			try {
				decodeToken(token, 1e9);
			} catch {}
		});
	});

	it("T12: verifying megabytes takes linear time, with a raised limit", async () => {
		const verifier = stage.verifierWith({ maxTokenBytes: 1e9 });
		await expectLinear(
			(size) => stage.forge({ payload: stage.claims({ iss: "x".repeat(size) }) }),
			200_000,
			(token) => refusalOf(() => verifier.verify(token)),
		);
	});
});

describe("T13: no text makes a check slow", () => {
	const id = `0x${"0a".repeat(32)}`;
	it.each<[string, (size: number) => string]>([
		["hex digits followed by !", (size) => `did:orgid:1:0x${"a".repeat(size)}!`],
		["ids", (size) => `did:orgid:1:${id.repeat(size / 64)}!`],
		["digits of a chain id", (size) => `did:orgid:${"1".repeat(size)}:${id}`],
		["colons", (size) => `did:orgid:${":".repeat(size)}${id}`],
		["a fragment", (size) => `did:orgid:1:${id}#${"k".repeat(size)}!`],
		["fragments", (size) => `did:orgid:1:${id}${"#k".repeat(size)}`],
		["prefixes", (size) => "did:orgid:".repeat(size / 10)],
	])("T13: parses a DID of %s in linear time", async (_what, make) => {
		await refusalOf(() => parseDidUrl(make(60_000)));
		await expectLinear(make, MEGABYTE, (text) => refusalOf(() => parseDidUrl(text)));
	});

	it.each<[string, (size: number) => unknown]>([
		["words", (size) => "a ".repeat(size)],
		["spaces", (size) => " ".repeat(size)],
		["one letter", (size) => "a".repeat(size)],
		["brackets", (size) => "[".repeat(size)],
		["commas", (size) => `["a"${',"a"'.repeat(size)}]`],
		["an array", (size) => Array.from({ length: size }, (_, i) => `s${i}`)],
		["an array of one scope", (size) => Array.from({ length: size }, () => "a")],
	])("T13: parses a scope of %s in linear time", async (_what, make) => {
		await expectLinear(make, 100_000, (scope) => {
			try {
				parseScopes({ scope });
			} catch {}
		});
	});

	it.each<[string, (size: number) => string]>([
		["spaces", (size) => `Bearer ${" ".repeat(size)}`],
		["commas", (size) => `Bearer ${"a,".repeat(size)}`],
		["a scheme", (size) => "b".repeat(size)],
		["dots", (size) => `Bearer ${".".repeat(size)}`],
	])("T13: parses an Authorization header of %s in linear time", async (_what, make) => {
		const bearer = createBearer({ verifier: stage.verifier });
		await expectLinear(make, MEGABYTE, bearer);
	});
});
