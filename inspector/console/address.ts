/** @module */
import type { Address } from "orgpass/registry";

const ADDRESS = /^0x[\da-f]{40}$/i;

export function isAddress(text: string): text is Address {
	return ADDRESS.test(text);
}

export function isSameAddress(first: string | undefined, second: string | undefined): boolean {
	return first?.toLowerCase() === second?.toLowerCase();
}
