/**
 * Which hosts a stranger's document may not be fetched from: everything but globally routable unicast, so
 * that a document URI can't make a server speak to its own network.
 * @module
 */
import ipaddr from "ipaddr.js";

/** What IANA has handed out as global unicast (RFC 4291 section 2.4); all special prefixes outside fall away. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];
/** Names that never belong to the public DNS: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`. */
const SPECIAL_NAMES = ["localhost", "local", "internal", "home.arpa"];

/**
 * Tells whether an IP address lies in a block of IANA's special-purpose registries, is multicast, carries
 * an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo, SIIT), has a zone, or is no address.
 */
export function isSpecialAddress(address: string): boolean {
	if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).range() !== "unicast";
	if (address.includes("%") || !ipaddr.IPv6.isValid(address)) return true;
	const parsed = ipaddr.IPv6.parse(address);
	return !parsed.match(GLOBAL_UNICAST) || parsed.range() !== "unicast";
}

/**
 * Tells whether a URL's host is special before any DNS: a special address, a name of the local machine or
 * network, or a name of one label.
 */
export function isSpecialHost(hostname: string): boolean {
	if (hostname.startsWith("[")) return isSpecialAddress(hostname.slice(1, -1));
	if (ipaddr.IPv4.isValidFourPartDecimal(hostname)) return isSpecialAddress(hostname);
	const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
	const labels = name.split(".");
	if (labels.length < 2 || labels.includes("")) return true;
	return SPECIAL_NAMES.some((special) => name === special || name.endsWith(`.${special}`));
}
