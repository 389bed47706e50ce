/**
 * Names of the hosts. They exist in this process only, so that their look-up can fail at any time.
 * @module
 */
import dns, { promises } from "node:dns";

/** The domain of all hosts (RFC 6761 section 6.2). */
export const DOMAIN = "faults.test";

/** Where a name leads: an address, an error, or nowhere. */
type Target = string | "ENOTFOUND" | "EAI_AGAIN" | "silence";
type Resolve = (this: promises.Resolver, name: string) => Promise<string[]>;
type Callback = (error: Error | null, ...found: unknown[]) => void;

const targets = new Map<string, Target>();
let count = 0;

/** Returns a new name, which leads to 127.0.0.1. */
export function createHostName(): string {
	count += 1;
	const name = `host-${count}.${DOMAIN}`;
	targets.set(name, "127.0.0.1");
	return name;
}

/** Lets a name lead elsewhere from now on. */
export function redirectHostName(name: string, target: Target): void {
	targets.set(name, target);
}

/** Replaces Node's own look-ups of these names. */
export function installHostNames(): void {
	const { lookup } = dns;
	const { resolve4, resolve6 } = promises.Resolver.prototype;
	const replaced = (name: string, options: dns.LookupOptions, callback: Callback): void => {
		if (!targets.has(name)) return void lookup(name, options, callback as never);
		find(name).then(
			(address) => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
			(error) => callback(error),
		);
	};
	dns.lookup = replaced as never;
	Object.assign(promises.Resolver.prototype, {
		async resolve4(this: promises.Resolver, name: string) {
			return targets.has(name) ? [await find(name)] : (resolve4 as Resolve).call(this, name);
		},
		async resolve6(this: promises.Resolver, name: string) {
			if (!targets.has(name)) return (resolve6 as Resolve).call(this, name);
			throw Object.assign(new Error("no address"), { code: "ENODATA" });
		},
	});
}

async function find(name: string): Promise<string> {
	const target = targets.get(name) as Target;
	if (target === "silence") return new Promise(() => {});
	if (target === "ENOTFOUND" || target === "EAI_AGAIN") throw Object.assign(new Error(target), { code: target });
	return target;
}
