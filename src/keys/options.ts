/**
 * The options that several functions of this folder share.
 * @module
 */

import * as z from "zod/mini";
import { ConfigError } from "../errors/errors.js";
import type { KeyAlgorithm } from "./algorithm.js";

/** What a key is for, where it must be said. */
export const algorithmName: z.ZodMiniType<KeyAlgorithm> = z.literal(
	["ES256K", "RS256"],
	'"ES256K" or "RS256"',
);

/** What a key is for. */
export const algorithmOption: z.ZodMiniType<KeyAlgorithm | undefined> = z.optional(algorithmName);

/** A password; checked by whoever opens something with it, because a message must never show it. */
export const passwordOption: z.ZodMiniType<unknown> = z.optional(z.unknown());

/** Makes the error for an option of the wrong value. */
export function invalidOption(subject: string, option: string, expected: string): ConfigError {
	return new ConfigError("config/invalid-option", `${subject}: ${option} must be ${expected}`, {
		details: { option },
	});
}
