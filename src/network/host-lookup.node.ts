/**
 * Looks up untrusted host names. `dns.lookup` occupies one of libuv's four threads until the name servers answer; a
 * lookup here is cancelled as soon as no request needs it.
 * @module
 */
import type { LookupAddress } from "node:dns";
import { createFairQueue } from "./fair-queue.js";
import { createHostResolver, type HostResolver } from "./host-resolver.node.js";

/** A lookup shared by all requests for the same name. */
interface SharedLookup {
	readonly addresses: Promise<readonly LookupAddress[]>;
	readonly ending: AbortController;
	waiting: number;
}

const MAX_LOOKUPS = 256;
/** The owner of a domain can invent any number of names in it. */
const MAX_LOOKUPS_OF_DOMAIN = 8;

/** Wraps a resolver so that simultaneous requests for the same name share one lookup. */
export function createHostLookup(resolveHost: HostResolver): HostResolver {
	const runInPlace = createFairQueue({ slots: MAX_LOOKUPS, slotsPerGroup: MAX_LOOKUPS_OF_DOMAIN });
	const lookups = new Map<string, SharedLookup>();
	return function lookUpHost(hostname, signal) {
		const lookup = lookups.get(hostname) ?? start(hostname);
		lookup.waiting += 1;
		return new Promise((resolve, reject) => {
			const leave = (): void => {
				lookup.waiting -= 1;
				if (lookup.waiting === 0) end(hostname, lookup);
				reject(signal.reason);
			};
			if (signal.aborted) return leave();
			signal.addEventListener("abort", leave, { once: true });
			const stay = (): void => signal.removeEventListener("abort", leave);
			lookup.addresses.finally(stay).then(resolve, reject);
		});
	};

	function start(hostname: string): SharedLookup {
		const ending = new AbortController();
		const { signal } = ending;
		const addresses = runInPlace(domainOf(hostname), () => resolveHost(hostname, signal), signal);
		const lookup: SharedLookup = { addresses, ending, waiting: 0 };
		lookups.set(hostname, lookup);
		const forget = (): void => end(hostname, lookup);
		addresses.then(forget, forget);
		return lookup;
	}

	function end(hostname: string, lookup: SharedLookup): void {
		if (lookups.get(hostname) === lookup) lookups.delete(hostname);
		lookup.ending.abort();
	}
}

/** Shared by all transports, because they use the same name servers. */
export const lookUpHost: HostResolver = createHostLookup(createHostResolver());

/** The last two labels. Some public suffixes are longer, but this is good enough for taking turns. */
function domainOf(hostname: string): string {
	return hostname.replace(/\.$/, "").split(".").slice(-2).join(".");
}
