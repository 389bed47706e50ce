/**
 * @vonage/jwt. Its `verifySignature` checks the signature and the times, nothing else.
 * @module
 */
import { createRequire } from "node:module";
import { servePeer } from "../node/serve-peer.ts";

interface VonageJwt {
	tokenGenerate(applicationId: string, privateKey: string, options: object): string;
	verifySignature(token: string, key: string): boolean;
}

const vonage = createRequire(import.meta.url)("@vonage/jwt") as VonageJwt;

await servePeer({
	packageName: "@vonage/jwt",
	mint({ issuer, read }) {
		const privateKey = read("private.pem");
		return ({ application_id: _id, iat: _iat, exp: _exp, sub, ...claims }) =>
			vonage.tokenGenerate(issuer, privateKey, { ...claims, subject: sub, ttl: 600 });
	},
	verify({ read }) {
		const key = read("public.pem");
		return (token) => vonage.verifySignature(token, key);
	},
});
