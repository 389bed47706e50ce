import { bech32 } from "@scure/base";
import { describe, expect, it } from "vitest";
import { toIoAddress } from "../../src/keys/addresses.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { parseAddress } from "../../src/keys/parse-address.ts";
import { ADDRESS, COMPRESSED_HEX, fromHex } from "./sample-keys.ts";

const IO = toIoAddress(importPublicKey(COMPRESSED_HEX));
const DIGITS = ADDRESS.slice(2);
const words = (hex: string): number[] => bech32.toWords(fromHex(hex));

describe("parseAddress", () => {
	it.each([
		["EIP-55", ADDRESS],
		["lower case", ADDRESS.toLowerCase()],
		["upper case", `0x${DIGITS.toUpperCase()}`],
		["IoTeX's", IO],
		["IoTeX's in upper case, which bech32 allows", IO.toUpperCase()],
		["IoTeX's test network's", bech32.encode("it", words(DIGITS))],
	])("reads an account in %s spelling", (_what, text) => {
		expect(parseAddress(text)).toBe(ADDRESS);
	});

	it.each([
		["nothing", ""],
		["0x alone", "0x"],
		["19 bytes", ADDRESS.slice(0, -2)],
		["21 bytes", `${ADDRESS}00`],
		["a wrong checksum", ADDRESS.replace("A", "a")],
		["no hexadecimal", `0x${"g".repeat(40)}`],
		["no 0x", DIGITS],
		["a wrong bech32 checksum", `${IO.slice(0, -1)}q`],
		["mixed case in bech32", `I${IO.slice(1)}`],
		["another network's", bech32.encode("bc", words(DIGITS))],
		["41 characters that are no bech32", "x".repeat(41)],
	])("refuses %s", (_what, text) => {
		expect(parseAddress(text)).toBeUndefined();
	});
});
