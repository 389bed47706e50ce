/**
 * IANA's special-purpose address registries of October 2025 and what else is no place for a document,
 * written down without the help of the library under test.
 * @module
 */

/** IPv4: the registry, the deprecated 6to4 relay anycast, multicast. */
export const SPECIAL_V4: readonly string[] = [
	...["0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"],
	...["172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32"],
	...["192.0.0.170/31", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
	...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
	...["224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"],
];

/** IPv6: the registry, IPv4-compatible and SIIT addresses, site-local, multicast, space not handed out. */
export const SPECIAL_V6: readonly string[] = [
	...["::1/128", "::/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"],
	...["100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::1/128", "2001:1::2/128"],
	...["2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28"],
	...["2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"],
	...["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "200::/7", "4000::/3", "e000::/4", "fe00::/9"],
];

/** The first, a middle and the last address of a block, as a URL parser or resolver would write them. */
export function samplesOf(block: string): string[] {
	const [address = "", prefix = ""] = block.split("/");
	const width = address.includes(":") ? 128 : 32;
	const first = toNumber(address);
	const size = 1n << BigInt(width - Number(prefix));
	return [...new Set([first, first + size / 3n, first + size - 1n])].map((value) => toText(value, width));
}

/** The number an address stands for. */
export function toNumber(address: string): bigint {
	if (!address.includes(":")) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
	const [head = "", tail = ""] = address.split("::").map((side) => (side === "" ? [] : side.split(":")));
	const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
	return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function toText(value: bigint, width: number): string {
	const size = width === 32 ? 8 : 16;
	const groups: bigint[] = [];
	for (let shift = width - size; shift >= 0; shift -= size) {
		groups.push((value >> BigInt(shift)) & ((1n << BigInt(size)) - 1n));
	}
	if (width === 32) return groups.join(".");
	return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}
