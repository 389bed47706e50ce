/**
 * Every kind of token with as few keys and names as possible, the hardest case for telling the kinds apart: one
 * secp256k1 key is the organization's key, its owner's account and a trusted ioctl signer, one RSA key belongs
 * to an app of one id in all three lists of apps.
 * @module
 */
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { ioctlIssuer } from "../../src/tokens/ioctl/ioctl-claims.ts";
import type { IssuerKeys } from "../../src/tokens/issuer-keys/issuer-keys.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	claimsOf as accountClaims,
	headerOf as accountHeader,
	accountResolver,
	DID,
	documentOf,
	forgeAccountToken,
	type Members,
	OWNER,
	profileOf,
	recordOf,
} from "./account-stage.ts";
import { forgeToken } from "./forge-token.ts";
import { methodOf } from "./static-resolver.ts";
import { nowSeconds } from "./system-clock.ts";

/** All kinds of token. */
export const KINDS = ["orgid", ...ACCOUNT_KINDS, "ioctl", "github-app", "icr-app", "vonage"] as const;
export type Kind = (typeof KINDS)[number];

/**
 * The kinds whose profiles recognize another kind's tokens, too, because nothing but the issuer tells the two apart.
 * Any other kind's tokens are recognized by its own profile alone.
 */
export const RECOGNIZED_BY: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
	"github-app": ["icr-app"],
	"icr-app": ["github-app"],
};

/** The kinds that an app's RSA key signs. */
export const RSA_KINDS = ["github-app", "icr-app", "vonage"] as const;
export type RsaKind = (typeof RSA_KINDS)[number];

/** A valid id for every app profile. */
export const APP_ID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
export const JTI = "11111111-2222-4333-8444-0123456789ab";
export const RESOURCE = "https://hotel.example/rooms";

/** The key of everything on the curve. */
export const CURVE_KEY = await importPrivateKey(OWNER.privateKey);
/** The key of every app. */
export const RSA_KEYS = await generateKeyPair({ algorithm: "RS256" });

/** A valid header of a profile with these members. */
export function headerOf(kind: Kind, members: Members = {}): Record<string, unknown> {
	if (isAccountKind(kind)) return accountHeader(kind, members);
	if (kind === "orgid") return { alg: "ES256K", typ: "JWT", kid: `${DID}#webserver`, ...members };
	return { alg: kind === "ioctl" ? "ES256" : "RS256", typ: "JWT", ...members };
}

/** Good claims of a kind with these members; undefined takes one away. */
export function claimsOf(kind: Kind, members: Members = {}): Record<string, unknown> {
	if (isAccountKind(kind)) return accountClaims(kind, members);
	const iat = nowSeconds();
	const exp = iat + 540;
	if (kind === "orgid") return { iss: `${DID}#webserver`, aud: AUDIENCE, iat, exp, ...members };
	if (kind === "ioctl") {
		return { exp, iat, iss: ioctlIssuer(CURVE_KEY.publicKey), sub: RESOURCE, scope: "Read", ...members };
	}
	if (kind === "vonage") return { application_id: APP_ID, iat, jti: JTI, exp, ...members };
	return { iat, exp, iss: APP_ID, ...(kind === "icr-app" ? { alg: "RS256" } : {}), ...members };
}

/** A correctly signed token of a profile with these members in header and claims. */
export function forgeKind(kind: Kind, claims: Members = {}, header: Members = {}): Promise<string> {
	const parts = { header: headerOf(kind, header), payload: claimsOf(kind, claims) };
	if (isAccountKind(kind)) return forgeAccountToken(kind, parts);
	return forgeToken({ ...parts, key: isRsaKind(kind) ? RSA_KEYS.privateKey : CURVE_KEY });
}

/** A profile that knows the one key under the one name. */
export function profileOfKind(kind: Kind, keys: IssuerKeys = { [APP_ID]: RSA_KEYS.publicKey }): Profile {
	if (isAccountKind(kind)) return profileOf(kind, { resolver: resolverOfBoth() });
	if (kind === "orgid") return orgid({ audience: AUDIENCE, resolver: resolverOfBoth() });
	if (kind === "ioctl") return ioctl({ trustedIssuers: [CURVE_KEY.publicKey] });
	if (kind === "vonage") return vonage({ keys });
	return kind === "icr-app" ? icrApp({ keys }) : githubApp({ keys });
}

/** A verifier of these kinds. */
export function verifierOfKinds(kinds: readonly Kind[], options: Partial<VerifierOptions> = {}): Verifier {
	return createVerifier({ profiles: kinds.map((kind) => profileOfKind(kind)), ...options });
}

function isAccountKind(kind: Kind): kind is AccountKind {
	return (ACCOUNT_KINDS as readonly Kind[]).includes(kind);
}

function isRsaKind(kind: Kind): kind is RsaKind {
	return (RSA_KINDS as readonly Kind[]).includes(kind);
}

/** The organization's document names the account and the key; both are the same key. */
function resolverOfBoth(): ReturnType<typeof accountResolver> {
	const { verificationMethod } = documentOf() as unknown as { verificationMethod: object[] };
	const both = [...verificationMethod, methodOf(DID, CURVE_KEY.publicKey)];
	return accountResolver(recordOf(), documentOf({ verificationMethod: both }));
}
