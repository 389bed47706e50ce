/**
 * Verification of RS256 tokens, such as those of GitHub Apps.
 * @module
 */
import { createPublicKey, verify as opensslVerify } from "node:crypto";
import { createRequire } from "node:module";
import { createVerifier as createFastJwtVerifier } from "fast-jwt";
import { jwtVerify } from "jose";
import { createVerifier } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { createFreshContender } from "../suite/fresh-contender.ts";
import { installedVersion } from "../suite/installed-version.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { type Report, ratio, type Settings } from "../suite/report.ts";
import { type App, createApp } from "../suite/rs256-app.ts";

interface JsonWebToken {
	verify(token: string, key: unknown, options: object): unknown;
}

const jsonwebtoken = createRequire(import.meta.url)("jsonwebtoken") as JsonWebToken;
const ALGORITHMS = { algorithms: ["RS256" as const] };
/** More than the fastest contender verifies in one turn. */
const POOL = 4_000;
const JSONWEBTOKEN = `jsonwebtoken ${installedVersion("jsonwebtoken")}`;
const FAST_JWT = `fast-jwt ${installedVersion("fast-jwt")}`;

/** Verifies tokens of one app, each token once. */
export async function measureRs256(settings: Settings): Promise<Report> {
	const app = await createApp();
	const tokens = app.mint(settings.isQuick ? 10 : POOL);
	const rows = await measureRates(createContenders(app, tokens), extentOf(settings, tokens.length));
	const fastest = Math.max(...[JSONWEBTOKEN, FAST_JWT].map((name) => ratio(rows, name, JSONWEBTOKEN)));
	return {
		title: "Verifying RS256 tokens",
		text: `A GitHub App's tokens, with a key of 2,048 bits; every token is new to the verifier. The other libraries get the key in the
form that they are fastest with. fast-jwt's cache is off; orgpass remembers each token, as it always does.`,
		tables: [{ id: "rs256", title: "Fresh RS256 tokens", unit: "tokens/s", base: "OpenSSL alone", rows }],
		goals: [
			{
				ratio: "RS256: orgpass ÷ the faster of jsonwebtoken and fast-jwt",
				value: ratio(rows, "orgpass", JSONWEBTOKEN) / fastest,
				bound: 1,
			},
		],
	};
}

function createContenders({ pem, profile, mint }: App, tokens: readonly string[]): readonly Contender[] {
	const key = createPublicKey(pem);
	const parts = tokens.map((token) => decodeToken(token));
	const first = mint(1);
	const fastJwt = createFastJwtVerifier({ key: pem, cache: false, ...ALGORITHMS });
	return [
		{
			name: "OpenSSL alone",
			run(index) {
				const { signingInput, signature } = parts[index] as (typeof parts)[number];
				if (!opensslVerify("sha256", signingInput, key, signature)) throw new Error("OpenSSL refused a signature");
			},
		},
		createFreshContender("orgpass", () => createVerifier({ profiles: [profile] }), { tokens, first }),
		{ name: `jose ${installedVersion("jose")}`, run: (index) => jwtVerify(tokens[index] as string, key, ALGORITHMS) },
		{ name: JSONWEBTOKEN, run: (index) => jsonwebtoken.verify(tokens[index] as string, key, ALGORITHMS) },
		{ name: FAST_JWT, run: (index) => fastJwt(tokens[index] as string) },
	];
}
