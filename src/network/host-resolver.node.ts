/**
 * Resolves host names as the system does: the hosts file, then the name servers with the search list. Queries can be
 * cancelled. Other sources, such as mDNS, aren't used.
 * @module
 */
import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";

/** Finds the addresses of a name; settles soon after the signal is aborted. */
export type HostResolver = (hostname: string, signal: AbortSignal) => Promise<readonly LookupAddress[]>;

/** For tests. */
export interface HostResolverOptions {
	readonly hostsFile?: string | undefined;
	/** Its search list and `ndots`; the name servers are the system's. */
	readonly resolverFile?: string | undefined;
	/** Name servers as `address:port`, instead of the system's. */
	readonly servers?: readonly string[] | undefined;
}

interface SearchList {
	readonly domains: readonly string[];
	/** A name with at least this many dots is tried as it is first. */
	readonly dots: number;
}

const HOSTS_FILE =
	process.platform === "win32"
		? join(process.env["SystemRoot"] ?? "C:\\Windows", "System32\\drivers\\etc\\hosts")
		: "/etc/hosts";
const LOOPBACK: readonly LookupAddress[] = [
	{ address: "127.0.0.1", family: 4 },
	{ address: "::1", family: 6 },
];
/** There is no address of this family, whether or not the name exists. */
const NO_ADDRESS: ReadonlySet<unknown> = new Set(["ENODATA", "ENOTFOUND"]);

export function createHostResolver(options: HostResolverOptions = {}): HostResolver {
	const { hostsFile = HOSTS_FILE, resolverFile = "/etc/resolv.conf", servers } = options;
	const readHosts = readParsed(hostsFile, parseHosts);
	const readSearchList = readParsed(resolverFile, parseSearchList);
	return async function resolveHost(hostname, signal) {
		const name = hostname.toLowerCase();
		const known = (await readHosts()).get(name.replace(/\.$/, ""));
		if (known !== undefined) return known;
		// RFC 6761 section 6.3
		if (/^(?:.+\.)?localhost\.?$/.test(name)) return LOOPBACK;
		let failure: unknown;
		for (const candidate of candidatesOf(name, await readSearchList())) {
			signal.throwIfAborted();
			try {
				return await query(candidate, servers, signal);
			} catch (error) {
				// The error for the name as written is the most useful.
				if (failure === undefined || candidate === name) failure = error;
			}
		}
		throw failure;
	};
}

/** Queries both families; one answer is enough. IPv4 comes first, because not every machine has IPv6. */
async function query(
	name: string,
	servers: readonly string[] | undefined,
	signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
	const resolver = new Resolver();
	if (servers !== undefined) resolver.setServers(servers);
	const cancel = (): void => resolver.cancel();
	signal.addEventListener("abort", cancel, { once: true });
	try {
		const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
		const addresses = answers.flatMap((answer, index) =>
			answer.status === "rejected" ? [] : answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })),
		);
		if (addresses.length > 0) return addresses;
		const failures = answers.map((answer) => (answer as PromiseRejectedResult).reason as NodeJS.ErrnoException);
		throw failures.find(({ code }) => !NO_ADDRESS.has(code)) ?? failures[0];
	} finally {
		signal.removeEventListener("abort", cancel);
	}
}

/** The names to query, in order (resolv.conf(5)). */
function candidatesOf(name: string, { domains, dots }: SearchList): readonly string[] {
	if (name.endsWith(".")) return [name];
	const searched = domains.map((domain) => `${name}.${domain}`);
	return name.split(".").length > dots ? [name, ...searched] : [...searched, name];
}

function parseSearchList(text: string): SearchList {
	let domains: readonly string[] = [];
	let dots = 1;
	for (const [keyword, ...values] of text.split("\n").map((line) => line.trim().split(/\s+/))) {
		if (keyword === "search" || keyword === "domain") domains = values.map((value) => value.replace(/\.$/, ""));
		if (keyword !== "options") continue;
		const count = values.find((value) => /^ndots:\d+$/.test(value))?.slice("ndots:".length);
		if (count !== undefined) dots = Math.min(Number(count), 15);
	}
	return { domains: domains.filter((domain) => domain !== ""), dots };
}

function parseHosts(text: string): ReadonlyMap<string, readonly LookupAddress[]> {
	const hosts = new Map<string, LookupAddress[]>();
	for (const line of text.split("\n")) {
		const [address = "", ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
		const family = isIP(address);
		if (family === 0) continue;
		for (const name of names.map((one) => one.toLowerCase())) {
			const known = hosts.get(name) ?? [];
			if (!known.some((one) => one.address === address)) hosts.set(name, [...known, { address, family }]);
		}
	}
	return hosts;
}

/** Reads a file again only after it has changed; a missing file counts as empty. */
function readParsed<T>(path: string, parse: (text: string) => T): () => Promise<T> {
	let known: { readonly version: string; readonly value: T } | undefined;
	return async () => {
		const facts = await stat(path).catch(() => undefined);
		const version = `${facts?.ino} ${facts?.size} ${facts?.mtimeMs}`;
		if (known?.version === version) return known.value;
		const value = parse(await readFile(path, "utf8").catch(() => ""));
		known = { version, value };
		return value;
	};
}
