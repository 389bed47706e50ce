/** @module */

export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, bug: 70, interrupted: 130 } as const;
