/**
 * Numbers as JSON-RPC writes them.
 * @module
 */

const QUANTITY = /^0x[\da-f]{1,13}$/i;

export function toQuantity(value: number): `0x${string}` {
	return `0x${value.toString(16)}`;
}

/** Undefined for anything but the quantity of a safe integer, at most 13 digits. */
export function parseQuantity(value: unknown): number | undefined {
	return typeof value === "string" && QUANTITY.test(value) ? Number(value) : undefined;
}
