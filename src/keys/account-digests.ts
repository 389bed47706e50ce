/**
 * The digests that Ethereum accounts sign: messages (EIP-191) and typed data (EIP-712).
 * @module
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { decodeHex } from "../encoding/hex.js";

/** A member of a struct of typed data. */
export interface TypedField {
	readonly name: string;
	readonly type: string;
}

/** A type of struct whose members are of the types `string`, `string[]`, `address` and unsigned numbers. */
export interface TypedStruct {
	readonly name: string;
	readonly fields: readonly TypedField[];
}

/** The members of a domain or struct by name. Text may also be given in UTF-8. */
type Values = Readonly<Record<string, unknown>>;

/** The members that the type of a domain has, in this order, if they are given. */
const DOMAIN_FIELDS: readonly TypedField[] = [
	{ name: "name", type: "string" },
	{ name: "version", type: "string" },
	{ name: "chainId", type: "uint256" },
	{ name: "verifyingContract", type: "address" },
];
const WORD_DIGITS = 64;
const encoder = new TextEncoder();

/** The digest of a message that a wallet signs with `personal_sign`. */
export function hashMessage(message: Uint8Array): Uint8Array {
	return keccak_256(concatBytes(encoder.encode(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

/**
 * Creates the function that computes the digest of a struct that a wallet signs with `eth_signTypedData_v4`. What doesn't
 * depend on the struct's members is hashed once.
 */
export function createTypedDataHash(domain: Values, struct: TypedStruct): (values: Values) => Uint8Array {
	const fields = DOMAIN_FIELDS.filter(({ name }) => domain[name] !== undefined);
	const separator = createStructHash({ name: "EIP712Domain", fields })(domain);
	const hashStruct = createStructHash(struct);
	return (values) => keccak_256(concatBytes(Uint8Array.of(0x19, 1), separator, hashStruct(values)));
}

function createStructHash({ name, fields }: TypedStruct): (values: Values) => Uint8Array {
	const type = hashText(`${name}(${fields.map((field) => `${field.type} ${field.name}`).join()})`);
	return (values) =>
		keccak_256(concatBytes(type, ...fields.map((field) => encodeField(field.type, values[field.name]))));
}

function encodeField(type: string, value: unknown): Uint8Array {
	if (type === "string") return hashText(value as string | Uint8Array);
	if (type === "string[]") return keccak_256(concatBytes(...(value as readonly string[]).map(hashText)));
	const bits = type === "address" ? 160 : Number(/^uint(\d+)$/.exec(type)?.[1]);
	const number = BigInt(value as string | number | bigint);
	if (BigInt.asUintN(bits, number) !== number) throw new TypeError(`expected a value of the type ${type}`);
	return decodeHex(`0x${number.toString(16).padStart(WORD_DIGITS, "0")}`);
}

function hashText(text: string | Uint8Array): Uint8Array {
	return keccak_256(typeof text === "string" ? encoder.encode(text) : text);
}
