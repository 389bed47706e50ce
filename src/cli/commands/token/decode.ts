/**
 * `orgpass token decode`.
 * @module
 */
import { isOrgpassError } from "../../../errors/errors.js";
import { type CompactJws, decodeToken } from "../../../jws/decode-token.js";
import { toIoAddress } from "../../../keys/addresses.js";
import { importPublicKey } from "../../../keys/import-public-key.js";
import type { PublicKey } from "../../../keys/public-key.js";
import { verifyData } from "../../../keys/sign.js";
import { type Outcome, toJson } from "../../command.js";

/** Shows what a token says, and of a token whose issuer is a key, whether that key signed it. */
export async function decode(token: string): Promise<Outcome> {
	const jws = decodeToken(token);
	const { header, claims } = jws;
	const selfSigned = await checkSelfSigned(jws);
	const lines = ["not verified", toJson(header, 2), toJson(claims, 2)];
	if (selfSigned === undefined) return { data: { header, claims }, text: lines.join("\n") };
	const verdict = selfSigned.isGood
		? `the signature is good, by the key in iss (${selfSigned.address}); anybody can sign a token of this kind`
		: "the signature is not by the key in iss";
	return { data: { header, claims, signature: selfSigned }, text: [...lines, verdict].join("\n") };
}

/** ioctl's tokens name their key themselves. */
async function checkSelfSigned({
	header,
	claims,
	signingInput,
	signature,
}: CompactJws): Promise<{ readonly isGood: boolean; readonly address: string } | undefined> {
	const { iss } = claims;
	if (header["alg"] !== "ES256" || typeof iss !== "string" || !iss.startsWith("0x04")) return undefined;
	let publicKey: PublicKey;
	try {
		publicKey = importPublicKey(iss);
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
	return { isGood: await verifyData(publicKey, signingInput, signature), address: toIoAddress(publicKey) };
}
