/**
 * Verification of tokens that the verifier has seen before.
 * @module
 */
import { createVerifier as createFastJwtVerifier } from "fast-jwt";
import { createVerifier } from "orgpass";
import { installedVersion } from "../suite/installed-version.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid, mintTokens, startOrganizations } from "../suite/organizations.ts";
import { DID_JWT, PEERS } from "../suite/peers.ts";
import { type Report, ratio, type Settings } from "../suite/report.ts";
import { createApp } from "../suite/rs256-app.ts";

const TOKENS = 100;
const FAST_JWT = `fast-jwt ${installedVersion("fast-jwt")}, cache (RS256)`;

/** Verifies a hundred tokens of one issuer again and again. */
export async function measureRepeated(settings: Settings): Promise<Report> {
	const organizations = await startOrganizations();
	const app = await createApp();
	const [tokens, appTokens] = [await mintTokens(TOKENS, 1), app.mint(TOKENS)];
	const fastJwt = createFastJwtVerifier({ key: app.pem, cache: true, algorithms: ["RS256"] });
	const contenders: Contender[] = [
		{ ...repeat("orgpass (ES256K)", tokens, organizations.verifier().verify), isOurs: true },
		{ ...repeat("orgpass (RS256)", appTokens, createVerifier({ profiles: [app.profile] }).verify), isOurs: true },
		repeat(FAST_JWT, appTokens, fastJwt),
		...(await Promise.all(
			PEERS.map(async ({ name, load }) => {
				const did = issuerDid(0);
				return repeat(name, tokens, (await load(keyOf(did), `${did}#${FRAGMENT}`, AUDIENCE)).verify);
			}),
		)),
	];
	const rows = await measureRates(contenders, extentOf(settings));
	organizations.close();
	return {
		title: "Verifying repeated tokens",
		text: `${TOKENS} tokens in turn, all of them seen before. orgpass and fast-jwt remember that a token's signature was valid;
orgpass still checks everything else each time. fast-jwt doesn't know ES256K; what a remembered token costs doesn't depend on
the algorithm. The others remember nothing.`,
		tables: [{ id: "repeated", title: "Repeated tokens", unit: "tokens/s", base: FAST_JWT, rows }],
		goals: [
			{ ratio: "repeated: orgpass ÷ did-jwt", value: ratio(rows, "orgpass (ES256K)", DID_JWT), bound: 400 },
			{ ratio: "repeated: orgpass ÷ fast-jwt with cache", value: ratio(rows, "orgpass (ES256K)", FAST_JWT), bound: 1 },
		],
	};
}

function repeat(name: string, tokens: readonly string[], verify: (token: string) => unknown): Contender {
	return { name, run: (index) => verify(tokens[index % tokens.length] as string) };
}
