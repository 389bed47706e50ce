/** @module */
import { ERROR_CODES } from "orgpass";

export function adviceOn(code: string): string | undefined {
	return Object.hasOwn(ERROR_CODES, code) ? ERROR_CODES[code as keyof typeof ERROR_CODES] : undefined;
}
