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

/** A struct whose members are of the types `string`, `string[]`, `address` and unsigned numbers. */
export interface TypedStruct {
	/** The name of its type. */
	readonly name: string;
	readonly fields: readonly TypedField[];
	readonly value: Readonly<Record<string, unknown>>;
}

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

/** The digest of typed data that a wallet signs with `eth_signTypedData_v4`. */
export function hashTypedData(domain: Readonly<Record<string, unknown>>, struct: TypedStruct): Uint8Array {
	const fields = DOMAIN_FIELDS.filter(({ name }) => domain[name] !== undefined);
	const separator = hashStruct({ name: "EIP712Domain", fields, value: domain });
	return keccak_256(concatBytes(Uint8Array.of(0x19, 1), separator, hashStruct(struct)));
}

function hashStruct({ name, fields, value }: TypedStruct): Uint8Array {
	const type = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join()})`;
	return keccak_256(concatBytes(hashText(type), ...fields.map((field) => encodeField(field.type, value[field.name]))));
}

function encodeField(type: string, value: unknown): Uint8Array {
	if (type === "string") return hashText(value as string);
	if (type === "string[]") return keccak_256(concatBytes(...(value as readonly string[]).map(hashText)));
	const bits = type === "address" ? 160 : Number(/^uint(\d+)$/.exec(type)?.[1]);
	const number = BigInt(value as string | number | bigint);
	if (BigInt.asUintN(bits, number) !== number) throw new TypeError(`expected a value of the type ${type}`);
	return decodeHex(`0x${number.toString(16).padStart(WORD_DIGITS, "0")}`);
}

function hashText(text: string): Uint8Array {
	return keccak_256(encoder.encode(text));
}
