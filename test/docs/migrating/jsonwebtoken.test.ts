/** docs/migrating/jsonwebtoken.md says what jsonwebtoken and the profile github-app do with the same tokens. */
import { createSign } from "node:crypto";
import jwt from "jsonwebtoken";
import { expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { testVerdicts } from "./verdict-table.ts";

const NOW = nowSeconds();
const CLAIMS = { iat: NOW - 60, exp: NOW + 540, iss: "12345" };

const [own, other] = await Promise.all([1, 2].map(() => generateKeyPair({ algorithm: "RS256" })));
if (own === undefined || other === undefined) throw new Error("no keys");
const pem = exportPrivateKey(own.privateKey, "pkcs1");
const publicPem = exportPublicKey(own.publicKey, "spki");
const verifier = createVerifier({ profiles: [githubApp({ keys: { 12345: publicPem } })], now: () => NOW });

const sign = (claims: object, options: object = {}, key = pem): string =>
	jwt.sign(claims, key, { algorithm: "RS256", ...options });

/** Signs text that jsonwebtoken wouldn't write. */
function signText(header: string, payload: string): string {
	const input = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
	return `${input}.${createSign("sha256").update(input).sign(pem).toString("base64url")}`;
}

testVerdicts({
	page: "jsonwebtoken.md",
	tokens: {
		"as GitHub's samples make it": () => sign(CLAIMS),
		"`iss` as a number": () => sign({ ...CLAIMS, iss: 12345 }),
		"no `exp`": () => sign({ iat: NOW, iss: "12345" }),
		"`exp` in an hour": () => sign({ ...CLAIMS, exp: NOW + 3_600 }),
		"no `iat`": () => sign({ exp: NOW + 540, iss: "12345" }, { noTimestamp: true }),
		"`iat` in the future": () => sign({ ...CLAIMS, iat: NOW + 300 }),
		"times in milliseconds": () => sign({ ...CLAIMS, iat: NOW * 1_000, exp: (NOW + 540) * 1_000 }),
		"expired 10 seconds ago": () => sign({ ...CLAIMS, iat: NOW - 300, exp: NOW - 10 }),
		"expired 5 minutes ago": () => sign({ ...CLAIMS, iat: NOW - 600, exp: NOW - 300 }),
		"an `aud` that nobody asked for": () => sign({ ...CLAIMS, aud: "https://api.example" }),
		"two members `iss` in the JSON": () =>
			signText('{"alg":"RS256"}', `{"iss":"999","iss":"12345","iat":${CLAIMS.iat},"exp":${CLAIMS.exp}}`),
		"a `typ` of another kind of token": () => sign(CLAIMS, { header: { typ: "at+jwt" } }),
		"a `kid` of no known key": () => sign(CLAIMS, { keyid: "2020" }),
		"`crit` in the header": () => signText('{"alg":"RS256","crit":["x"],"x":1}', JSON.stringify(CLAIMS)),
		"`jku` in the header": () => signText('{"alg":"RS256","jku":"https://keys.example"}', JSON.stringify(CLAIMS)),
		"algorithm RS512": () => sign(CLAIMS, { algorithm: "RS512" }),
		"signed by another key": () => sign(CLAIMS, {}, exportPrivateKey(other.privateKey, "pkcs1")),
	},
	theirs: (token) => jwt.verify(token, publicPem, { algorithms: ["RS256"], issuer: "12345", clockTimestamp: NOW }),
	ours: (token) => verifier.verify(token),
	nameError: ({ name }) => name,
});

it.each(["RS384", "RS512", "PS256", "PS384", "PS512"])("without algorithms, jsonwebtoken accepts %s", (algorithm) => {
	expect(jwt.verify(sign(CLAIMS, { algorithm }), publicPem, { clockTimestamp: NOW })).toMatchObject({ iss: "12345" });
});

it("jsonwebtoken signs without an issuer, and takes a number in a string for milliseconds", () => {
	const token = sign({ iat: NOW, iss: undefined }, { expiresIn: "600" });
	expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).toEqual({ iat: NOW, exp: NOW });
});
