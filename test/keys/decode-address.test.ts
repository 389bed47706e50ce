import { bech32, bech32m } from "@scure/base";
import { describe, expect, it } from "vitest";
import { decodeAddress, isHexAddress, toAddress, toIoAddress } from "../../src/keys/address.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";

/** FORMATS 5.2: the account of the key 0x11…11. */
const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const IO_ADDRESS = "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk";
const BYTES = Buffer.from(ADDRESS.slice(2), "hex");
const encode = (prefix: string, bytes: Uint8Array): string => bech32.encode(prefix, bech32.toWords(bytes));

describe("decodeAddress", () => {
	it.each<[string, string]>([
		["EIP-55", ADDRESS],
		["lower case", ADDRESS.toLowerCase()],
		["upper case after 0x", `0x${ADDRESS.slice(2).toUpperCase()}`],
		["io1", IO_ADDRESS],
		["io1 in upper case, as BIP-173 allows", IO_ADDRESS.toUpperCase()],
		["it1, the testnet", encode("it", BYTES)],
	])("decodes %s", (_what, text) => {
		expect(decodeAddress(text)).toBe(ADDRESS);
	});

	it.each<[string, string]>([
		["empty", ""],
		["0x alone", "0x"],
		["a wrong checksum", ADDRESS.replace("E7E3", "e7E3")],
		["one digit too few", ADDRESS.slice(0, -1)],
		["one digit too many", `${ADDRESS}0`],
		["no 0x", ADDRESS.slice(2)],
		["0X", ADDRESS.replace("0x", "0X").toUpperCase()],
		["an invalid digit", `${ADDRESS.slice(0, -1)}g`],
		["a space", ` ${ADDRESS.slice(0, -1)}`],
		["a sign", `0x-${ADDRESS.slice(3)}`],
		["a key", `0x04${"11".repeat(64)}`],
		["io1 in mixed case", `io1R${IO_ADDRESS.slice(4)}`],
		["io1 with a wrong checksum", `${IO_ADDRESS.slice(0, -1)}q`],
		["a truncated io1", IO_ADDRESS.slice(0, -1)],
		["io1 alone", "io1"],
		["bech32m", bech32m.encode("io", bech32m.toWords(BYTES))],
		["another prefix of the same length", encode("bc", BYTES)],
		["io1 of 19 bytes", encode("io", BYTES.subarray(1))],
		["io1 of 21 bytes", encode("io", Buffer.concat([BYTES, BYTES.subarray(0, 1)]))],
		["a longer prefix over fewer bytes", encode("ioo", BYTES.subarray(1))],
		["an alias", "treasury"],
		["41 characters", "x".repeat(41)],
		["a very long string", "io1".repeat(10_000)],
	])("returns undefined for %s", (_what, text) => {
		expect(decodeAddress(text)).toBeUndefined();
	});

	it("decodes the address of any key", async () => {
		for (let i = 0; i < 20; i++) {
			const { publicKey } = await generateKeyPair();
			const address = toAddress(publicKey);
			for (const text of [address, address.toLowerCase(), toIoAddress(publicKey)]) {
				expect(decodeAddress(text)).toBe(address);
			}
		}
	});
});

describe("isHexAddress", () => {
	it.each([
		[ADDRESS, true],
		[ADDRESS.toLowerCase(), true],
		[`0x${ADDRESS.slice(2).toUpperCase()}`, true],
		[ADDRESS.replace("E", "e"), false],
		[ADDRESS.slice(2), false],
		[ADDRESS.slice(0, -2), false],
		[IO_ADDRESS, false],
		["", false],
	])("%j: %s", (text, expected) => {
		expect(isHexAddress(text)).toBe(expected);
	});
});
