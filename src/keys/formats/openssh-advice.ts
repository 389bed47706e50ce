/**
 * What to do about keys in OpenSSH's own forms, which hold no secp256k1 and need rewriting for RSA.
 * @module
 */

import type { KeyAlgorithm } from "../algorithm.js";

const NO_SECP256K1 =
	"this is an OpenSSH key: OpenSSH has no secp256k1, make a key with `openssl ecparam -name secp256k1 -genkey -noout`";

/** For the file of a private key (`OPENSSH PRIVATE KEY`). */
export const OPENSSH_PRIVATE_ADVICE: Readonly<Record<KeyAlgorithm, string>> = {
	ES256K: NO_SECP256K1,
	RS256:
		"this is a private key in OpenSSH's own form: if it is an RSA key, turn a copy of it into PEM with `ssh-keygen -p -m PEM -f FILE`",
};

/** For the line of a public key (`ssh-rsa ...`). */
export const OPENSSH_PUBLIC_ADVICE: Readonly<Record<KeyAlgorithm, string>> = {
	ES256K: NO_SECP256K1,
	RS256:
		"this is a public key in OpenSSH's own form: if it is an RSA key, turn it into PEM with `ssh-keygen -e -m PKCS8 -f FILE`",
};
