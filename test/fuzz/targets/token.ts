/**
 * Tokens: `decodeToken`, and `verify` of a verifier of each kind, of all kinds together, and of one that remembers.
 *
 * An input is a token, or three lines to make one of: `kind signer`, the header and the payload. The signer is `genuine`;
 * `strange`; `moved`, the genuine one's signature of another token; or `none`.
 * @module
 */
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { isOrgpassError } from "../../../src/errors/errors.ts";
import { type CompactJws, decodeToken } from "../../../src/jws/decode-token.ts";
import { signData } from "../../../src/keys/sign.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	DID,
	OWNER,
	STRANGER,
	signAccountSegments,
} from "../../support/account-stage.ts";
import { toSegment } from "../../support/forge-token.ts";
import { documentWith, knownResolverOf } from "../../support/static-resolver.ts";
import { APP_ID, claimsOf, headerOf, KINDS, type Kind, profileOfKind, RSA_KINDS } from "../../support/token-kinds.ts";
import { CURVE_KEY, NOW, RSA_KEY, STRANGERS_KEY } from "../keys.ts";
import {
	assertClearNames,
	assertSame,
	assertThat,
	attempt,
	documentedCodes,
	type Expectations,
	parseLoosely,
	type Target,
} from "../target.ts";

const SIGNERS = ["genuine", "strange", "moved", "none"] as const;
type Signer = (typeof SIGNERS)[number];

const RECIPE = new RegExp(`^(${KINDS.join("|")}) (${SIGNERS.join("|")})\\n(.*)\\n(.*)$`, "s");
const TOLERANCE_SECONDS = 30;
/** 64 bytes in base64url. */
const SHORTEST_SIGNATURE = 86;
const DECODING = documentedCodes("jws/decode-token.ts", "decodeToken");
/** The last is for tokens whose list of allowed requests doesn't have the one below. */
const isRefusalCode = (code: string): boolean => /^(?:token|did)\/|^policy\/acl$/.test(code);
const REQUIRED = { request: { method: "GET", path: "/v1/users/1", parameters: { to: "44" } } };

/** A token, and whether a genuine key signed it. */
interface Sample {
	readonly token: string;
	readonly isGenuine: boolean;
}

export async function createTarget(): Promise<Target> {
	const verifiers = createVerifiers();
	const genuine = new Set<string>();
	for (const kind of KINDS) genuine.add(signedTextOf(await mint(kind)));
	return {
		words: [...KINDS, ...SIGNERS, AUDIENCE, DID, `${DID}#webserver`, `${DID}#owner`, APP_ID, String(NOW + 60), "ES256"],
		work: { base: 60_000, perByte: 300 },
		async run(input) {
			const sample = await toSample(input.toString(), genuine);
			const decoded = await readToken(sample.token);
			const verdicts: string[] = [decoded];
			for (const [name, verifier] of verifiers) verdicts.push(await verify(name, verifier, sample));
			const [, byAll = "", ...byOne] = verdicts;
			assertThat(byAll.includes("/") || byOne.includes(byAll), "only the verifier of all kinds accepts it");
			return verdicts.join();
		},
	};
}

function createVerifiers(): Map<string, Verifier> {
	const profiles = KINDS.map((kind) => profileOfKind(kind, { [APP_ID]: RSA_KEY.publicKey }));
	const now = (): number => NOW;
	const resolver = knownResolverOf({ [DID]: documentWith(DID, CURVE_KEY.publicKey) });
	return new Map([
		["all", createVerifier({ profiles, now })],
		...profiles.map((profile) => [profile.name, createVerifier({ profiles: [profile], now })] as const),
		["remembering", createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], now })],
	]);
}

async function toSample(text: string, genuine: ReadonlySet<string>): Promise<Sample> {
	const recipe = RECIPE.exec(text);
	if (recipe === null) return { token: text, isGenuine: genuine.has(signedTextOf(text)) };
	const [, kind, signer, ...parts] = recipe as unknown as [string, Kind, Signer, string, string];
	const [header, payload] = parts.map(toSegment) as [string, string];
	try {
		return { token: await sign(kind, signer, header, payload), isGenuine: signer === "genuine" };
	} catch {
		// What ethers can't sign, no account signs.
		return { token: await sign(kind, "none", header, payload), isGenuine: false };
	}
}

/** A genuine token of a kind; the same in every run, so that the corpus may have it. */
export function mint(kind: Kind): Promise<string> {
	const claims = claimsOf(kind, { iat: NOW, exp: NOW + 540 });
	return sign(kind, "genuine", toSegment(headerOf(kind)), toSegment(claims));
}

async function sign(kind: Kind, signer: Signer, header: string, payload: string): Promise<string> {
	const text = `${header}.${payload}`;
	if (signer === "none") return `${text}.`;
	if (signer === "moved") {
		const other = await sign(kind, "genuine", header, toSegment({ ...claimsOf(kind), moved: true }));
		return text + other.slice(other.lastIndexOf("."));
	}
	const isStrange = signer === "strange";
	if ((ACCOUNT_KINDS as readonly Kind[]).includes(kind)) {
		return signAccountSegments(kind as AccountKind, isStrange ? STRANGER : OWNER, header, payload);
	}
	const usesRsa = (RSA_KINDS as readonly Kind[]).includes(kind) && !isStrange;
	const key = usesRsa ? RSA_KEY : isStrange ? STRANGERS_KEY : CURVE_KEY;
	const signature = await signData(key, new TextEncoder().encode(text));
	return `${text}.${toSegment(signature)}`;
}

function signedTextOf(token: string): string {
	return token.slice(0, token.lastIndexOf("."));
}

/** What `decodeToken` accepts, V8 reads in the same way. */
async function readToken(token: string): Promise<string> {
	const outcome = await attempt(() => decodeToken(token), { codes: DECODING, secrets: secretsOf(token) });
	if ("code" in outcome) return outcome.code;
	const { header, claims, signature } = outcome.value;
	const parts = token.split(".");
	for (const part of parts.slice(0, 2)) assertClearNames(Buffer.from(part, "base64url").toString());
	assertSame([header, claims], parts.slice(0, 2).map(parseSegment), "decodeToken and JSON.parse");
	assertThat(Buffer.from(signature).toString("base64url") === parts[2], "the signature has a second form");
	return "decoded";
}

function parseSegment(segment: string): unknown {
	return parseLoosely(Buffer.from(segment, "base64url").toString())?.value;
}

/** The name of the profile that accepts the token, or the code of the refusal. */
async function verify(name: string, verifier: Verifier, { token, isGenuine }: Sample): Promise<string> {
	const expected: Expectations = { codes: isRefusalCode, secrets: secretsOf(token) };
	const outcome = await attempt(() => verifier.verify(token, REQUIRED), expected);
	if (name === "all") {
		const { error } = await verifier.explain(token, REQUIRED);
		assertSame(
			isOrgpassError(error) ? error.code : error,
			"code" in outcome ? outcome.code : undefined,
			"verify and explain",
		);
	}
	if ("code" in outcome) return outcome.code;
	assertThat(isGenuine, `the verifier ${name} accepts a token that no genuine key signed`);
	assertGood(outcome.value, decodeToken(token));
	return outcome.value.profile;
}

/** What holds for every accepted token, said plainly. */
function assertGood({ issuer, claims, profile }: VerifiedToken, { header, claims: signed }: CompactJws): void {
	assertSame(claims, signed, "the claims and what was signed");
	const algorithms = {
		"orgid-account": "EIP712",
		"orgid-eth": "ETH",
		orgid: "ES256K",
		ioctl: "ES256",
		"orgid-eip712": "ES256",
	};
	const kind = profile as keyof typeof algorithms;
	assertThat(header["alg"] === (algorithms[kind] ?? "RS256"), "the algorithm is another kind's");
	assertThat(
		!["crit", "b64", "jwk", "x5c"].some((name) => Object.hasOwn(header, name)),
		"the header changes the rules",
	);
	const { exp, nbf, iat, aud, iss, application_id: app } = signed;
	for (const time of [exp, nbf, iat]) assertThat(time === undefined || typeof time === "number", "a time is no number");
	assertThat(exp === undefined || (exp as number) > NOW - TOLERANCE_SECONDS, "it has expired");
	for (const start of [nbf, iat]) {
		assertThat(start === undefined || (start as number) <= NOW + TOLERANCE_SECONDS, "it isn't valid yet");
	}
	if (profile.startsWith("orgid")) {
		assertThat([aud].flat().includes(AUDIENCE), "it is for another audience");
		assertThat(String(iss).startsWith(DID) && issuer === DID, "it has another issuer");
	} else if (profile !== "ioctl") {
		assertThat(String(iss ?? app).toLowerCase() === APP_ID && issuer === APP_ID, "it has another issuer");
	}
}

function secretsOf(token: string): string[] {
	const signature = token.split(".")[2] ?? "";
	return signature.length < SHORTEST_SIGNATURE ? [] : [signature];
}
