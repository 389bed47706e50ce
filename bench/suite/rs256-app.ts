/**
 * An app with an RSA key, and its tokens.
 * @module
 */
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { exportPrivateKey, exportPublicKey, generateKeyPair } from "orgpass/keys";
import { githubApp, type Profile } from "orgpass/tokens";

const APP_ID = "12345";
/** The longest that GitHub allows. */
const LIFETIME_SECONDS = 600;

export interface App {
	/** Its public key: SPKI in PEM. */
	readonly pem: string;
	/** Knows the app. */
	readonly profile: Profile;
	/** Mints different tokens, valid for ten minutes. */
	mint(count: number): string[];
}

/** Creates an app with a key of 2,048 bits. */
export async function createApp(): Promise<App> {
	const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
	const key = createPrivateKey(exportPrivateKey(privateKey, "pkcs8"));
	const header = encode({ alg: "RS256", typ: "JWT" });
	return {
		pem: exportPublicKey(publicKey, "spki"),
		profile: githubApp({ keys: { [APP_ID]: publicKey } }),
		mint(count) {
			const iat = Math.floor(Date.now() / 1_000);
			return Array.from({ length: count }, () => {
				const claims = { iat, exp: iat + LIFETIME_SECONDS, iss: APP_ID, jti: randomUUID() };
				const input = `${header}.${encode(claims)}`;
				return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
			});
		},
	};
}

function encode(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
