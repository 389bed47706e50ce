/** @module */

let loading: Promise<typeof import("./on-demand.js")> | undefined;

/** Loads what fetches and checks documents, with the first one. A repeated `import()` isn't free. */
export function loadOnDemand(): Promise<typeof import("./on-demand.js")> {
	loading ??= import("./on-demand.js").catch((error) => {
		loading = undefined;
		throw error;
	});
	return loading;
}
