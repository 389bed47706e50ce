/**
 * Key pairs that are made in the page. Nothing stores them.
 * @module
 */
import { exportKeystore, exportPrivateKey, generateKeyPair, type PublicKey } from "orgpass/keys";

/** How the private half is written. */
export type KeyFileFormat = "pem" | "keystore";

/** A public key, and the name of the file of its private half. */
export interface GivenKey {
	readonly publicKey: PublicKey;
	readonly keyFile: string;
}

/** A new key pair. */
export interface MadeKey extends GivenKey {
	/** The file's content. */
	readonly secret: string;
}

/** Makes a key pair; a keystore takes about a second. */
export async function makeKey(name: string, format: KeyFileFormat, password: string): Promise<MadeKey> {
	const { publicKey, privateKey } = await generateKeyPair();
	if (format === "pem") return { publicKey, keyFile: `${name}.pem`, secret: exportPrivateKey(privateKey, "pkcs8") };
	const keystore = await exportKeystore(privateKey, password);
	return { publicKey, keyFile: `${name}.json`, secret: `${JSON.stringify(keystore)}\n` };
}
