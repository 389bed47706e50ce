/** What a runtime does with keys: bundled as a worker, and run as a script, in runtimes other than Node. */
import { createVerifier, orgid } from "orgpass";
import { curveBackend, importPrivateKey, recoverAddress, signData } from "orgpass/keys";

/** Verifies tokens, signs data and recovers an account, and says with which backends. */
export async function report({ tokens, audience, resolution, now, key, data, digest, signature }) {
	const profile = orgid({ audience, resolver: { resolve: async () => resolution } });
	const verifier = createVerifier({ profiles: [profile], now: () => now });
	const verify = (token) => verifier.verify(token).catch((error) => error);
	const results = await Promise.all(tokens.map(verify));
	const signed = await signData(await importPrivateKey(key), Uint8Array.from(data));
	return {
		results: results.map(({ issuer, code }) => issuer ?? code),
		signed: Array.from(signed),
		account: recoverAddress(Uint8Array.from(digest), Uint8Array.from(signature)),
		backends: { verify: curveBackend(), sign: curveBackend("sign"), recover: curveBackend("recover") },
	};
}
