/** @module */
import { DocumentError } from "../errors/errors.js";

let loading: Promise<typeof import("./on-demand.js")> | undefined;

/** Loads what fetches and checks documents, with the first one. A repeated `import()` isn't free. */
export function loadOnDemand(): Promise<typeof import("./on-demand.js")> {
	loading ??= import("./on-demand.js").catch((cause) => {
		loading = undefined;
		throw new DocumentError("document/unreachable", "what fetches and checks documents could not be loaded", { cause });
	});
	return loading;
}
