import { describe, expect, it } from "vitest";
import { isSpecialAddress, isSpecialHost } from "../../../src/document/fetch/special-address.ts";
import { SPECIAL_V4, SPECIAL_V6, samplesOf } from "../../support/special-blocks.ts";

describe("isSpecialAddress", () => {
	it.each([...SPECIAL_V4, ...SPECIAL_V6])("returns true for %s, from the first address to the last", (block) => {
		for (const address of samplesOf(block)) expect(isSpecialAddress(address), address).toBe(true);
	});

	it("returns true for the host of virtual machines in Azure, and not for its neighbors", () => {
		const addresses = ["168.63.129.15", "168.63.129.16", "168.63.129.17"];
		expect(addresses.map(isSpecialAddress)).toEqual([false, true, false]);
		expect(isSpecialHost("168.63.129.16")).toBe(true);
	});

	it.each([
		...["1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"],
		...["126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"],
		...["191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255"],
		...["192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "203.0.112.255", "223.255.255.255"],
		...["2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::1", "2606:4700::1111", "2a00:1450:4001::200e"],
		...["2000::", "3ffe:ffff::", "3fff:1000::", "2620:4f:7fff::", "2620:4f:8001::"],
	])("returns false for %s", (address) => {
		expect(isSpecialAddress(address)).toBe(false);
	});

	it.each([
		...["", "host", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "8.8.8", "08.8.8.8", "8.8.8.8 "],
		...["fe80::1%eth0", "2606:4700::1111%1", "[2606:4700::1111]", "2606:4700", "2606::4700::1", "8.8.8.8:80"],
	])("returns true for %j, which isn't a plain address", (text) => {
		expect(isSpecialAddress(text)).toBe(true);
	});
});

describe("isSpecialHost", () => {
	it.each([
		...["localhost", "localhost.", "a.localhost", "a.localhost.", "printer.local", "metadata.google.internal"],
		...["router.home.arpa", "home.arpa.", "intranet", "intranet.", "", ".", "a..example", "example.com.."],
		...["127.0.0.1", "[::1]", "[::ffff:7f00:1]"],
	])("returns true for %j", (host) => {
		expect(isSpecialHost(host)).toBe(true);
	});

	it.each([
		...["example.com", "example.com.", "localhost.example.com", "internal.example", "mylocal.net"],
		...["notlocalhost.de", "arpa.example", "8.8.8.8", "[2606:4700::1111]", "xn--mnchen-3ya.de"],
	])("returns false for %j", (host) => {
		expect(isSpecialHost(host)).toBe(false);
	});
});
