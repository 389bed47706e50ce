/** @module */
import type { RequestDetails } from "../tokens/token-kind.js";

/** A request's target. */
export type RequestTarget = Required<Pick<RequestDetails, "path" | "parameters">>;

/** A request of an HTTP adapter. Its target is parsed when a policy or an access control list reads it first. */
export class LazyRequest implements RequestDetails {
	readonly method: string;
	readonly #parse: () => RequestTarget;
	#parsed: RequestTarget | undefined;

	constructor(method: string, parse: () => RequestTarget) {
		this.method = method;
		this.#parse = parse;
	}

	get path(): string {
		return this.#target.path;
	}

	get parameters(): RequestTarget["parameters"] {
		return this.#target.parameters;
	}

	get #target(): RequestTarget {
		this.#parsed ??= this.#parse();
		return this.#parsed;
	}
}
