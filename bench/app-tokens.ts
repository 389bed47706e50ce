/**
 * Verifies ioctl's tokens and those of apps, and compares that with other libraries in the same run. The ratios matter,
 * not the numbers.
 * @module
 */
import { createRequire } from "node:module";
import { jwtVerify } from "jose";
import { bench, run, summary } from "mitata";
import {
	aclAllows,
	createGitHubAppMinter,
	createIoctlMinter,
	createVerifier,
	createVonageMinter,
	exportPublicKey,
	generateKeyPair,
	githubApp,
	importPublicKey,
	ioctl,
	parseAcl,
	vonage,
} from "orgpass";

const jsonwebtoken = createRequire(import.meta.url)("jsonwebtoken") as {
	verify(token: string, key: string, options: object): unknown;
};

const app = await generateKeyPair({ algorithm: "RS256" });
const pem = exportPublicKey(app.publicKey, "spki");
const applicationId = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
const account = await generateKeyPair();
const verifier = createVerifier({
	profiles: [
		githubApp({ keys: { 12345: app.publicKey } }),
		vonage({ keys: { [applicationId]: app.publicKey } }),
		ioctl({ trustedIssuers: [account.publicKey] }),
	],
});

const github = await createGitHubAppMinter({ key: app.privateKey, issuer: "12345" }).mint();
const acl = { paths: { "/*/users/**": {}, "/*/conversations/**": { methods: ["GET", "POST"] } } };
const withAcl = await createVonageMinter({ key: app.privateKey, applicationId }).mint({
	claims: { sub: "alice", acl },
});
const self = await createIoctlMinter({ key: account.privateKey }).mint({ operation: "Read" });
const request = { method: "GET", path: "/v1/conversations/7/events" };
const parsed = parseAcl(acl);
const keyOfJose = await crypto.subtle.importKey(
	"jwk",
	{ ...exportPublicKey(app.publicKey, "jwk") },
	{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
	false,
	["verify"],
);

summary(() => {
	bench("orgpass verify, github-app", () => verifier.verify(github));
	bench("orgpass verify, vonage with acl", () => verifier.verify(withAcl, { request }));
	bench("jose 6 jwtVerify, key in hand", () => jwtVerify(github, keyOfJose, { algorithms: ["RS256"] }));
	bench("jsonwebtoken verify, PEM in hand", () => jsonwebtoken.verify(github, pem, { algorithms: ["RS256"] }));
});
summary(() => {
	bench("orgpass verify, ioctl", () => verifier.verify(self));
	bench("orgpass importPublicKey, RS256", () => importPublicKey(pem, { algorithm: "RS256" }));
	bench("orgpass aclAllows, list parsed", () => aclAllows(parsed, request));
	bench("orgpass aclAllows, raw claim", () => aclAllows(acl, request));
});
await run();
