/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

const IN_A_BUNDLE = "load-on-demand.test.ts tests it in a bundle whose chunks are missing, which isn't instrumented";

export const KEYS: readonly EquivalentMutant[] = [
	{
		...{ file: "keys/der-signature.ts", from: "digits.length > target.length", to: "false" },
		why: "writing a longer integer throws a RangeError, which is wrapped in the same error",
	},
	{
		...{ file: "keys/generate.ts", from: '"ES256K"' },
		why: "every algorithm but RS256 is ES256K",
	},
	{
		...{ file: "keys/import-key.ts", from: "blocks[0]?.label", to: "blocks[0].label" },
		why: "where there are several blocks, there is a first one: for the type only",
	},
	{
		...{ file: "keys/import-key.ts", from: "block !== undefined", to: "true" },
		why: "there is at least one block: for the type only",
	},
	{ file: "keys/import-private-key.ts", from: "{ throw error; }", to: "{}", why: IN_A_BUNDLE },
	{
		file: "keys/load-on-demand.ts",
		from: '{ loading = undefined; throw new KeyError("key/unreachable", "what reads and writes keystores could not be loaded", { cause }); }',
		why: IN_A_BUNDLE,
	},
	{ file: "keys/load-on-demand.ts", from: '"key/unreachable"', why: IN_A_BUNDLE },
	{ file: "keys/load-on-demand.ts", from: "{ cause }", why: IN_A_BUNDLE },
	{
		...{ file: "keys/import-public-key.ts", from: '"ES256K"' },
		why: "every algorithm but RS256 is ES256K",
	},
	{
		...{ file: "keys/public-key.ts", from: "state.prepared?.by !== run", to: "true" },
		why: "a key that is prepared again verifies the same: it costs time only",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "d < n", to: "d <= n" },
		why: "e * n is 1 modulo p - 1 and q - 1 only for exponents longer than 64 bits, which are refused",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "qi < p", to: "qi <= p" },
		why: "p is 0 modulo p, so it isn't the inverse",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "candidate < limit", to: "candidate <= limit" },
		why: "the limit is even, and the candidates are odd",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "primes.every((prime) => candidate % prime !== 0)", to: "true" },
		why: "what a composite number divides, its factors divide, too",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "candidate % prime !== 0", to: "true" },
		why: "what a composite number divides, its factors divide, too",
	},
	{
		...{ file: "keys/rsa-components.ts", from: "candidate % prime", to: "candidate * prime" },
		why: "what a composite number divides, its factors divide, too",
	},
	{
		...{ file: "keys/rsa-verify.node.ts", from: 'typeof data === "string"' },
		why: "Node also accepts texts, as UTF-8, though its documentation doesn't say so; copying bytes changes nothing",
	},
	{
		...{ file: "keys/rsa-verify.node.ts", from: '"string"' },
		why: "Node also accepts texts, as UTF-8, though its documentation doesn't say so",
	},
	{
		...{ file: "keys/rsa-web-crypto.ts", from: "false", to: "true" },
		why: "whether keys of WebCrypto may be exported again: they don't leave their functions",
	},
	{
		...{ file: "keys/sign.ts", from: "key instanceof PrivateKey", to: "false" },
		why: "as any Signer, the key makes the same signature, which is verified twice",
	},
	{
		...{ file: "keys/sign.ts", from: "isRsaPrivateKey(key)", to: "false" },
		why: "as any Signer, the key makes the same signature, which is verified twice",
	},
	// keys/secp256k1
	{
		...{ file: "keys/secp256k1/choose-backend.ts", from: "run !== undefined", to: "true" },
		why: "the known-answer test of an operation that a backend doesn't have throws, which is handled alike",
	},
	{
		...{ file: "keys/secp256k1/curve.ts", from: "SCALAR_LENGTH - 1", to: "SCALAR_LENGTH + 1" },
		why: "what is beyond the end of a typed array reads as NaN, without a borrow, and isn't written",
	},
	{
		...{ file: "keys/secp256k1/curve.ts", from: "at < SCALAR_LENGTH", to: "at <= SCALAR_LENGTH" },
		why: "the other number has no byte there, so the result is NaN, which is neither above nor below zero",
	},
	{
		...{ file: "keys/secp256k1/curve.ts", from: "bytes.length === POINT_LENGTH", to: "false" },
		why: "encoding an uncompressed point again gives the same bytes, but checks it twice",
	},
	{
		...{ file: "keys/secp256k1/derive-point.node.ts", from: "() => deriveWithOpenSsl(scalar)" },
		why: "noble derives the same point, only more slowly",
	},
	{
		file: "keys/secp256k1/derive-point.node.ts",
		from: '{ const ecdh = createECDH("secp256k1"); ecdh.setPrivateKey(scalar); return new Uint8Array(ecdh.getPublicKey()); }',
		why: "noble derives the same point, only more slowly",
	},
	{
		...{ file: "keys/secp256k1/derive-point.node.ts", from: '"secp256k1"' },
		why: "OpenSSL refuses an unknown curve, and noble derives the same point",
	},
	{
		...{ file: "keys/secp256k1/derive-point.node.ts", from: "ecdh.setPrivateKey(scalar);" },
		why: "OpenSSL has no public key without a private one, and noble derives the same point",
	},
	{
		...{ file: "keys/secp256k1/libsecp256k1-backend.node.ts", from: "bindings.contextRandomize(randomBytes(32));" },
		why: "blinding changes no result, only what an observer of the machine could measure",
	},
	{
		...{ file: "keys/secp256k1/node-crypto-backend.node.ts", from: 'typeof data === "string"' },
		why: "Node also accepts texts, as UTF-8, though its documentation doesn't say so; copying bytes changes nothing",
	},
	{
		...{ file: "keys/secp256k1/node-crypto-backend.node.ts", from: '"string"' },
		why: "Node also accepts texts, as UTF-8, though its documentation doesn't say so",
	},
	// keys/formats
	{
		...{ file: "keys/formats/der.ts", from: "content.length > 1", to: "true" },
		why: "without a second byte, its default isn't below 0x80",
	},
	{
		...{ file: "keys/formats/der.ts", from: "content.length > 1", to: "content.length >= 1" },
		why: "without a second byte, its default isn't below 0x80",
	},
	{
		...{ file: "keys/formats/der.ts", from: "count < 1", to: "false" },
		why: "an indefinite length then counts as 0, which isn't minimal: another SyntaxError",
	},
	{
		...{ file: "keys/formats/der.ts", from: "count > 3", to: "false" },
		why: "such a length isn't minimal, or is more than any key's text has, so that the value is truncated",
	},
	{
		...{ file: "keys/formats/der.ts", from: "count < 1 || count > 3", to: "false" },
		why: "the checks that follow refuse the same lengths with another message, given the size of a key's text",
	},
	{
		...{ file: "keys/formats/der.ts", from: "count < 1 || count > 3", to: "count < 1 && count > 3" },
		why: "the checks that follow refuse the same lengths with another message, given the size of a key's text",
	},
	{
		...{ file: "keys/formats/kdf-limits.ts", from: "128 * n * r <= MAX_MEMORY_BYTES", to: "true" },
		why: "with today's figures the limit of the work implies it, as p is at least 1; they may change separately",
	},
	{
		...{ file: "keys/formats/kdf-limits.ts", from: "128 * n * r", to: "128 * n / r" },
		why: "with today's figures the limit of the work implies that of the memory",
	},
	{
		...{ file: "keys/formats/kdf-limits.ts", from: "128 * n", to: "128 / n" },
		why: "with today's figures the limit of the work implies that of the memory",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: "first > 1", to: "false" },
		why: "a first NUL at a later place is where the loop ends, with the same result",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: '!text.startsWith("{") && !text.startsWith("[")', to: "false" },
		why: "other JSON is neither an object nor an array, for which alone there is advice",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: '"{"', to: '""' },
		why: "other JSON is neither an object nor an array, for which alone there is advice",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: '"["', to: '""' },
		why: "other JSON is neither an object nor an array, for which alone there is advice",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: "isJsonObject(value) || Array.isArray(value)", to: "true" },
		why: "there is no advice about undefined, the only other value",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: "at > 0", to: "true" },
		why: "without a sign or with nothing before it, the name is empty, which the pattern refuses",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: "at > 0", to: "at >= 0" },
		why: "without a sign or with nothing before it, the name is empty, which the pattern refuses",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: 'describeKey(text) === "a hexadecimal key"', to: "false" },
		why: "an even number of digits isn't 32 bytes in base64, and begins with no DER and no text of a key",
	},
	{
		...{ file: "keys/formats/key-advice.ts", from: "text.slice(0, 16)", to: "text" },
		why: "only the beginning is compared: the rest would take time alone",
	},
	{
		...{ file: "keys/formats/key-format.ts", from: '"optional"', to: '""' },
		why: "whatever is neither required nor none is optional",
	},
	{
		...{ file: "keys/formats/keystore.ts", from: "normalized === text", to: "false" },
		why: "a wrong password would be tried twice, which keystore.test.ts counts; it replaces modules, so it isn't tried here",
	},
	{
		...{ file: "keys/formats/keystore.ts", from: "false", to: "true" },
		why: "whether keys of WebCrypto may be exported again: they don't leave their functions",
	},
	{
		...{ file: "keys/formats/pem.ts", from: "labelEnd < 0", to: "false" },
		why: "without hyphens after BEGIN there is no END line; a label never ends at 0",
	},
	{
		...{ file: "keys/formats/pem.ts", from: "labelEnd < 0", to: "labelEnd <= 0" },
		why: "without hyphens after BEGIN there is no END line; a label never ends at 0",
	},
	{
		...{ file: "keys/formats/pem.ts", from: "bodyEnd < 0", to: "bodyEnd <= 0" },
		why: "the END line is never at 0, where the BEGIN line is",
	},
	{
		...{ file: "keys/formats/recognize-key.ts", from: "der !== undefined", to: "true" },
		why: "recognizing undefined fails, which means that it isn't recognized",
	},
	{
		...{ file: "keys/formats/keystore-fields.ts", from: '"optional"', to: '""' },
		why: "whatever is neither required nor none is optional",
	},
	{
		...{ file: "keys/formats/recognize-key.ts", from: '"optional"', to: '""' },
		why: "whatever is neither required nor none is optional",
	},
	{
		...{ file: "keys/formats/keystore.ts", from: '"scrypt"', to: '""' },
		why: "what isn't PBKDF2 is scrypt, here where the derivation is ours",
	},
	{
		...{ file: "keys/formats/pem-advice.ts", from: '"\\n"', to: '""' },
		why: "the body of a PEM is read without its line breaks",
	},
	{
		...{ file: "keys/formats/recognize-key.ts", from: '"M"', to: '""' },
		why: "the base64 of anything that is recognized begins with M: the rest needn't be decoded",
	},
];
