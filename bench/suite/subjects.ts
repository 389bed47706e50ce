/**
 * The subjects of `npm run bench`, in the page's order.
 * @module
 */
import type { Subject } from "./report.ts";

export const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
	fresh: async () => (await import("../subjects/fresh.ts")).measureFresh,
	cold: async () => (await import("../subjects/cold.ts")).measureCold,
	gas: async () => (await import("../subjects/gas.ts")).measureGas,
};
