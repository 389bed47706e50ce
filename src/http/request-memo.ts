/**
 * Remembers something about each request. Like a WeakMap, but the request itself carries the value: V8 needs more than
 * a microsecond to add a short-lived key to a WeakMap and to collect it.
 * @module
 */

/** What is remembered about requests. */
export interface RequestMemo<Request extends object, Value> {
	get(request: Request): Value | undefined;
	set(request: Request, value: Value): void;
}

interface Entry<Request, Value> {
	/** Tells a request from its copies, and from objects that inherit from it, about which nothing is known. */
	readonly request: Request;
	readonly value: Value;
}

export function createRequestMemo<Request extends object, Value>(): RequestMemo<Request, Value> {
	const name = Symbol("orgpass");
	/** For objects that can't carry anything. */
	const frozen = new WeakMap<Request, Value>();
	type Carrier = { [name]?: Entry<Request, Value> };
	return {
		get(request) {
			const entry = (request as Carrier)[name];
			return entry?.request === request ? entry.value : frozen.get(request);
		},
		set(request, value) {
			if (Object.isExtensible(request)) (request as Carrier)[name] = { request, value };
			else frozen.set(request, value);
		},
	};
}
