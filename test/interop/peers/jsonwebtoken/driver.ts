/**
 * jsonwebtoken, which knows RS256 but not secp256k1.
 * @module
 */
import { createRequire } from "node:module";
import { servePeer } from "../node/serve-peer.ts";

interface JsonWebToken {
	sign(claims: object, key: string, options: object): string;
	verify(token: string, key: string, options: object): unknown;
}

const require = createRequire(import.meta.url);
const jwt = require("jsonwebtoken") as JsonWebToken;

await servePeer({
	packageName: "jsonwebtoken",
	mint({ algorithm, read }) {
		const key = read("private.pem");
		return (claims) => jwt.sign(claims, key, { algorithm });
	},
	verify({ algorithm, read }) {
		const key = read("public.pem");
		return (token) => jwt.verify(token, key, { algorithms: [algorithm] });
	},
});
