/**
 * Verifies the token of a known issuer, and compares that with other libraries in the same run. The ratios matter, not
 * the numbers.
 * @module
 */
import { createPublicKey, verify as nodeVerify } from "node:crypto";
import jose2 from "jose2";
import { bench, run, summary } from "mitata";
import { createVerifier, exportPublicKey, orgid } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { startTestNetwork } from "orgpass/testing";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const verifier = createVerifier({
	profiles: [orgid({ audience: hotel.did, resolver: network.resolver })],
	now: network.now,
});
const token = await airline.minter({ audience: hotel.did }).mint({ scope: "book" });
await verifier.verify(token);

const pem = exportPublicKey(airline.key.publicKey, "spki");
const joseKey = jose2.JWK.asKey(pem);
const nodeKey = createPublicKey(pem);
const { signingInput, signature } = decodeToken(token);

summary(() => {
	bench("orgpass verify, known issuer", () => verifier.verify(token));
	bench("jose 2 JWT.verify, key in hand", () => jose2.JWT.verify(token, joseKey, { audience: hotel.did }));
	bench("node:crypto verify, signature only", () =>
		nodeVerify("sha256", signingInput, { key: nodeKey, dsaEncoding: "ieee-p1363" }, signature),
	);
	bench("orgpass decodeToken", () => decodeToken(token));
});
await run();
await network.close();
