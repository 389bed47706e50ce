/**
 * DER: keys in PEM blocks of every label, and signatures. What is accepted, OpenSSL reads as the same key.
 * @module
 */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { fromDerSignature } from "../../../src/keys/der-signature.ts";
import { PASSWORD } from "../keys.ts";
import { readKeys } from "../read-key.ts";
import { assertThat, attempt, documentedCodes, type Target } from "../target.ts";

const LABELS = [
	...["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"],
	...["PUBLIC KEY", "RSA PUBLIC KEY", "EC PARAMETERS"],
];
const SIGNATURE = { codes: documentedCodes("keys/der-signature.ts", "fromDerSignature") };

export async function createTarget(): Promise<Target> {
	return {
		words: ["\u0030", "\u0002\u0001\u0000", "\u0003\u0042\u0000", "\u00a0\u0007", "\u0005\u0000"],
		work: { base: 400_000, perByte: 4_000 },
		async run(input) {
			const signature = await attempt(() => fromDerSignature(new Uint8Array(input)), SIGNATURE);
			const summary = ["code" in signature ? signature.code : Buffer.from(signature.value).toString("hex")];
			for (const label of LABELS) {
				const pem = `-----BEGIN ${label}-----\n${input.toString("base64")}\n-----END ${label}-----\n`;
				const { results, jwk } = await readKeys(pem);
				if (jwk !== undefined) assertOpenSslReads(pem, jwk);
				summary.push(...results);
			}
			const { results } = await readKeys(input.toString("base64"));
			return [...summary, ...results].join();
		},
	};
}

function assertOpenSslReads(pem: string, jwk: object): void {
	let key: KeyObject;
	try {
		const hidden = pem.includes("PRIVATE") ? createPrivateKey({ key: pem, passphrase: PASSWORD }) : undefined;
		key = createPublicKey(hidden === undefined ? pem : hidden.export({ type: "pkcs8", format: "pem" }));
	} catch {
		assertThat(false, "OpenSSL refuses an accepted key");
	}
	const { n, x, y } = key.export({ format: "jwk" });
	const own = jwk as { readonly n?: string; readonly x?: string; readonly y?: string };
	assertThat(n === own.n && x === own.x && y === own.y, "OpenSSL reads another key");
}
