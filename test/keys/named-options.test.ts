/** Errors about options name the function and the option, which is all that a caller has to go by. */
import { expect, it } from "vitest";
import { exportKeystore, exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { createRemoteSigner } from "../../src/keys/remote-signer.ts";
import { refusalOf } from "../support/refusal.ts";
import { RSA_KEYS } from "../support/token-kinds.ts";

const { privateKey, publicKey } = await generateKeyPair();
const sign = async (bytes: Uint8Array) => bytes;
const ES256K = { algorithm: "ES256K", publicKey, signMessage: sign };
const RS256 = { algorithm: "RS256", publicKey: RSA_KEYS.publicKey, signMessage: sign };
const wrong = (options: object) => options as never;

it.each<[string, string, () => unknown]>([
	["importPrivateKey", "algorithm", () => importPrivateKey("", wrong({ algorithm: "PS256" }))],
	["importPublicKey", "algorithm", () => importPublicKey("", wrong({ algorithm: "PS256" }))],
	["generateKeyPair", "algorithm", () => generateKeyPair(wrong({ algorithm: "PS256" }))],
	["generateKeyPair", "modulusLength", () => generateKeyPair({ modulusLength: 2_048 })],
	["exportPrivateKey", "format", () => exportPrivateKey(privateKey, "pem" as never)],
	["exportPrivateKey", "format", () => exportPrivateKey(RSA_KEYS.privateKey, "sec1" as never)],
	["exportPrivateKey", "password", () => exportPrivateKey(privateKey, "jwk", { password: "x" })],
	["exportPrivateKey", "passphrase", () => exportPrivateKey(privateKey, "jwk", wrong({ passphrase: "x" }))],
	["exportPublicKey", "format", () => exportPublicKey(publicKey, "pem" as never)],
	["exportPublicKey", "format", () => exportPublicKey(RSA_KEYS.publicKey, "hex" as never)],
	["exportKeystore", "n", () => exportKeystore(privateKey, "x", wrong({ n: "1024" }))],
	["createRemoteSigner", "algorithm", () => createRemoteSigner(wrong({ ...ES256K, algorithm: "PS256" }))],
	["createRemoteSigner", "signDigest", () => createRemoteSigner(wrong({ ...ES256K, signDigest: sign }))],
	["createRemoteSigner", "signatureFormat", () => createRemoteSigner(wrong({ ...RS256, signatureFormat: "raw" }))],
	["createRemoteSigner", "publicKey", () => createRemoteSigner(wrong({ ...RS256, publicKey }))],
])("%s names itself and %s", async (name, option, run) => {
	const { code, details, message } = await refusalOf(run);
	expect(code).toBe(option === "passphrase" ? "config/unknown-option" : "config/invalid-option");
	expect(details).toMatchObject({ option });
	expect(message).toMatch(new RegExp(`^${name}(?:: | has no option).*\\b${option}\\b`));
});

it("createRemoteSigner names the type of the key that its algorithm needs", async () => {
	const refusals = [
		await refusalOf(() => createRemoteSigner(wrong({ ...ES256K, publicKey: RSA_KEYS.publicKey }))),
		await refusalOf(() => createRemoteSigner(wrong({ ...RS256, publicKey }))),
	];
	expect(refusals.map(({ message }) => message)).toEqual([
		expect.stringContaining("a PublicKey for ES256K"),
		expect.stringContaining("an RsaPublicKey for RS256"),
	]);
});
