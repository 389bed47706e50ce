/**
 * The kinds of token that an app signs with an RSA key.
 * @module
 */
import { randomUUID } from "node:crypto";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { RsaPrivateKey } from "../../src/keys/rsa-private-key.ts";
import type { RsaPublicKey } from "../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { createMinter } from "../support/minters.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { rsaKeyFiles } from "./keys.ts";
import { type Identity, randomClaims, type Stage } from "./stage.ts";

/** An app and its key. */
interface App {
	readonly id: string | number;
	readonly key: RsaPrivateKey;
}

type AppKind = "github-app" | "icr-app";

const TOKENS = 50;
const LIFE_SECONDS = 540;
const ACL = { paths: { "/*/users/**": { methods: ["GET", "POST"] }, "/*/conversations/**": {} } };
const REQUEST = { method: "GET", path: "/v1/users/alice" };

/**
 * Each kind's verifier trusts the keys of the others as well, so that a token is refused for its kind; but
 * GitHub's and ICR's don't trust each other's, because nothing but the keys tells their tokens apart.
 */
export async function createAppStages(): Promise<Stage[]> {
	const [first, second] = [await generateRsaKey(2048), await generateRsaKey(3072)];
	const github: App[] = [
		{ id: 12345, key: first },
		{ id: "Iv23liOrgpass0000001", key: second },
	];
	const applications: App[] = [
		{ id: randomUUID(), key: first },
		{ id: randomUUID(), key: second },
	];
	const icr: App[] = [
		{ id: 67890, key: await generateRsaKey(2048) },
		{ id: "icr-app-7", key: await generateRsaKey(3072) },
	];
	const withoutIcr = keysOf([...github, ...applications]);
	const withoutGitHub = keysOf([...icr, ...applications]);
	const all = keysOf([...github, ...applications, ...icr]);
	return [
		appStage("github-app", github, withoutIcr),
		appStage("icr-app", icr, withoutGitHub),
		vonageStage(applications, all),
	];
}

function appStage(kind: AppKind, apps: readonly App[], keys: Readonly<Record<string, RsaPublicKey>>): Stage {
	const create = kind === "github-app" ? githubApp : icrApp;
	const verifier = createVerifier({ profiles: [create({ keys })] });
	return {
		profile: kind,
		isEcdsa: false,
		identities: apps.map((app, at) => appIdentity(kind, app, at)),
		tokenCount: TOKENS,
		judge: create({ keys: keysOf(apps) }),
		verify: (token) => verifier.verify(token),
	};
}

function appIdentity(kind: AppKind, { id, key }: App, at: number): Identity {
	const minter = createMinter({ profile: kind, key, issuer: id });
	return {
		files: filesOf(kind, { id, key }, at),
		isNumericIssuer: typeof id === "number",
		mint: () => minter.mint({ claims: randomClaims() }),
		claims() {
			const iat = nowSeconds() - 60;
			const alg = kind === "icr-app" ? { alg: "RS256" } : {};
			return { iat, exp: iat + LIFE_SECONDS, iss: id, ...alg, ...randomClaims() };
		},
	};
}

function vonageStage(apps: readonly App[], keys: Readonly<Record<string, RsaPublicKey>>): Stage {
	const verifier = createVerifier({ profiles: [vonage({ keys })] });
	return {
		profile: "vonage",
		isEcdsa: false,
		identities: apps.map(vonageIdentity),
		tokenCount: TOKENS,
		judge: vonage({ keys: keysOf(apps) }),
		asked: { request: REQUEST },
		verify: (token) => verifier.verify(token, { request: REQUEST }),
	};
}

function vonageIdentity({ id, key }: App, at: number): Identity {
	const applicationId = String(id);
	const minter = createVonageMinter({ key, applicationId });
	return {
		files: filesOf("vonage", { id, key }, at),
		mint: () => minter.mint({ claims: { ...randomClaims(), acl: ACL } }),
		claims() {
			const iat = nowSeconds();
			const jti = randomUUID();
			return { application_id: applicationId, iat, exp: iat + 900, jti, ...randomClaims(), acl: ACL };
		},
	};
}

function filesOf(profile: string, { id, key }: App, at: number): Identity["files"] {
	return { ...rsaKeyFiles(key, at), profile, algorithm: "RS256", issuer: String(id), audience: "" };
}

function keysOf(apps: readonly App[]): Record<string, RsaPublicKey> {
	return Object.fromEntries(apps.map(({ id, key }) => [String(id), key.publicKey]));
}

async function generateRsaKey(modulusLength: number): Promise<RsaPrivateKey> {
	return (await generateKeyPair({ algorithm: "RS256", modulusLength })).privateKey;
}
