/**
 * Options that several functions share.
 * @module
 */
import * as z from "zod/mini";
import type { KeyAlgorithm } from "./algorithm.js";

/** A required algorithm. */
export const algorithmName: z.ZodMiniType<KeyAlgorithm> = z.literal(
	["ES256K", "RS256"],
	'"ES256K" or "RS256"',
);

/** An optional algorithm. */
export const algorithmOption: z.ZodMiniType<KeyAlgorithm | undefined> = z.optional(algorithmName);

/** A password: its user checks it, because an error message must never show it. */
export const passwordOption: z.ZodMiniType<unknown> = z.optional(z.unknown());
