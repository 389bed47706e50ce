/**
 * did-jwt: `createJWT` with its ES256K signer, and `verifyJWT` over a resolver that holds the organization's
 * DID document, so that the key is found by `iss` as in a real deployment.
 * @module
 */
import { createJWT, ES256KSigner, hexToBytes, verifyJWT } from "did-jwt";
import type { DIDResolutionResult } from "did-resolver";
import { type Claims, servePeer, type Work } from "../node/serve-peer.ts";

await servePeer({ packageName: "did-jwt", mint, verify });

function mint({ algorithm, issuer, read }: Work): (claims: Claims) => Promise<string> {
	const signer = ES256KSigner(hexToBytes(read("private.hex")));
	const options = { issuer, signer, expiresIn: 3_600 };
	return ({ iat: _iat, exp: _exp, ...claims }) => createJWT(claims, options, { alg: algorithm });
}

function verify({ issuer, audience, read }: Work): (token: string) => Promise<unknown> {
	const [did] = issuer.split("#");
	const didDocument = JSON.parse(did?.startsWith("did:") ? read("document.json") : "null");
	const resolver = {
		resolve: async (asked: string): Promise<DIDResolutionResult> =>
			asked.split("#")[0] === did
				? { didDocument, didDocumentMetadata: {}, didResolutionMetadata: {} }
				: { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: { error: "notFound" } },
	};
	return async (token) => {
		const { signer } = await verifyJWT(token, { resolver, audience });
		return signer.id === issuer;
	};
}
