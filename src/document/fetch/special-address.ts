/**
 * Hosts that documents are not fetched from, so that a document URI can't make a server send requests into its network.
 * @module
 */
import ipaddr from "ipaddr.js";

/** The only block that IANA allocates global unicast addresses from (RFC 4291 section 2.4). */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];
/** Looks like a public address, but tells virtual machines in Azure about themselves. */
const AZURE_HOST = "168.63.129.16";
/** Names outside the public DNS: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`. */
const SPECIAL_NAMES = ["localhost", "local", "internal", "home.arpa"];

/**
 * Checks whether an address is special-purpose (by IANA, or Azure's), multicast, zoned, IPv4 embedded in IPv6, or no IP
 * address.
 */
export function isSpecialAddress(address: string): boolean {
	if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
		return address === AZURE_HOST || ipaddr.IPv4.parse(address).range() !== "unicast";
	}
	if (address.includes("%") || !ipaddr.IPv6.isValid(address)) return true;
	const parsed = ipaddr.IPv6.parse(address);
	return !parsed.match(GLOBAL_UNICAST) || parsed.range() !== "unicast";
}

/** Checks whether a URL's host is a special address, a name of the local machine or network, or a single label. */
export function isSpecialHost(hostname: string): boolean {
	if (hostname.startsWith("[")) return isSpecialAddress(hostname.slice(1, -1));
	if (ipaddr.IPv4.isValidFourPartDecimal(hostname)) return isSpecialAddress(hostname);
	const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
	const labels = name.split(".");
	if (labels.length < 2 || labels.includes("")) return true;
	return SPECIAL_NAMES.some((special) => name === special || name.endsWith(`.${special}`));
}
