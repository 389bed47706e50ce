/**
 * Recognizes what DER contains from its outermost elements, for advice about keys that were refused.
 * @module
 */
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { DerReader, TAG } from "./der.js";

export interface DerContent {
	/** Completes "this is …". */
	readonly what: string;
	/** The PEM label for it, if it has one. */
	readonly label: string;
	/** Converts a DER file to PEM. */
	readonly command: string;
}

/** Converts a private key; OpenSSL asks for its password if it is encrypted. */
export const DER_COMMAND = "openssl pkey -inform DER -in FILE -out key.pem";
export const PKCS12_COMMAND = "openssl pkcs12 -in FILE -nocerts -nodes | openssl pkey -out key.pem";

const PKCS1 = { what: "an RSA private key (PKCS#1)", label: "RSA PRIVATE KEY", command: DER_COMMAND };
const SEC1 = { what: "an EC private key (SEC 1)", label: "EC PRIVATE KEY", command: DER_COMMAND };
const PKCS8 = { what: "a private key (PKCS#8)", label: "PRIVATE KEY", command: DER_COMMAND };
const ENCRYPTED = { what: "an encrypted private key (PKCS#8)", label: "ENCRYPTED PRIVATE KEY", command: DER_COMMAND };
const SPKI = {
	what: "a public key (SPKI)",
	label: "PUBLIC KEY",
	command: "openssl pkey -pubin -inform DER -in FILE -out key.pem",
};
const PUBLIC_PKCS1 = {
	what: "an RSA public key (PKCS#1)",
	label: "RSA PUBLIC KEY",
	command: "openssl rsa -RSAPublicKey_in -inform DER -in FILE -out key.pem",
};
const CERTIFICATE = {
	what: "a certificate",
	label: "CERTIFICATE",
	command: "openssl x509 -inform DER -in FILE -pubkey -noout",
};
const REQUEST = {
	what: "a certificate request",
	label: "CERTIFICATE REQUEST",
	command: "openssl req -inform DER -in FILE -pubkey -noout",
};
const PKCS12 = {
	what: "a PKCS#12 file (.p12, .pfx)",
	label: "",
	command: PKCS12_COMMAND,
};

export function recognizeDer(bytes: Uint8Array): DerContent | undefined {
	return undefinedOnError(() => recognize(new DerReader(bytes).readInside("the content")));
}

function recognize(content: DerReader): DerContent | undefined {
	if (content.nextTag === TAG.integer) {
		const first = content.read(TAG.integer, "the first integer");
		const nextTag = content.nextTag as number | undefined;
		if (first.length > 1) return nextTag === TAG.integer ? PUBLIC_PKCS1 : undefined;
		const version = first[0] as number;
		if (version > 1) return version === 3 && nextTag === TAG.sequence ? PKCS12 : undefined;
		if (nextTag === TAG.integer) return PKCS1;
		if (nextTag === TAG.octetString) return SEC1;
		return nextTag === TAG.sequence ? PKCS8 : undefined;
	}
	const head = content.readInside("the head");
	const nextTag = content.nextTag as number | undefined;
	if (nextTag === TAG.bitString) return SPKI;
	if (nextTag === TAG.octetString) return ENCRYPTED;
	if (nextTag !== TAG.sequence) return undefined;
	if (head.nextTag === TAG.context0) return CERTIFICATE;
	return head.nextTag === TAG.integer ? REQUEST : undefined;
}
