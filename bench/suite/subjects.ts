/**
 * The subjects of `npm run bench`, in the page's order.
 * @module
 */
import type { Subject } from "./report.ts";

export const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
	fresh: async () => (await import("../subjects/fresh.ts")).measureFresh,
	mint: async () => (await import("../subjects/mint.ts")).measureMint,
	repeated: async () => (await import("../subjects/repeated.ts")).measureRepeated,
	rs256: async () => (await import("../subjects/rs256.ts")).measureRs256,
	size: async () => (await import("../subjects/size.ts")).measureSize,
	issuers: async () => (await import("../subjects/issuers.ts")).measureIssuers,
	kinds: async () => (await import("../subjects/kinds.ts")).measureKinds,
	observers: async () => (await import("../subjects/observers.ts")).measureObservers,
	explain: async () => (await import("../subjects/explain.ts")).measureExplain,
	replay: async () => (await import("../subjects/replay.ts")).measureReplay,
	cold: async () => (await import("../subjects/cold.ts")).measureCold,
	http: async () => (await import("../subjects/http.ts")).measureHttp,
	cluster: async () => (await import("../subjects/cluster.ts")).measureCluster,
	start: async () => (await import("../subjects/start.ts")).measureStart,
	gas: async () => (await import("../subjects/gas.ts")).measureGas,
};
