/** @module */
import { KeyError } from "../errors/errors.js";

let loading: Promise<typeof import("./on-demand.js")> | undefined;

/** Loads what few keys need, on first use. */
export function loadOnDemand(): Promise<typeof import("./on-demand.js")> {
	loading ??= import("./on-demand.js").catch((cause) => {
		loading = undefined;
		throw new KeyError("key/unreachable", "what reads and writes keystores could not be loaded", { cause });
	});
	return loading;
}
