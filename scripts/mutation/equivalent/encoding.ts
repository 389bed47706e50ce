/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const ENCODING: readonly EquivalentMutant[] = [];
