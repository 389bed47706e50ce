/**
 * The options that several functions of this folder share.
 * @module
 */
import * as z from "zod/mini";
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
