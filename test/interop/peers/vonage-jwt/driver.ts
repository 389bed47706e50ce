/**
 * @vonage/jwt. Its `verifySignature` checks the signature and the times, nothing else.
 * @module
 */
import { tokenGenerate, verifySignature } from "@vonage/jwt";
import { servePeer } from "../node/serve-peer.ts";

await servePeer({
	packageName: "@vonage/jwt",
	mint({ issuer, read }) {
		const privateKey = read("private.pem");
		return ({ application_id: _id, iat: _iat, exp: _exp, sub, ...claims }) =>
			tokenGenerate(issuer, privateKey, { ...claims, subject: String(sub), ttl: 600 });
	},
	verify({ read }) {
		const key = read("public.pem");
		return (token) => verifySignature(token, key);
	},
});
