import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAccountId } from "../../src/did/account-id.ts";
import { toChecksum } from "../../src/keys/account.ts";
import { expectRefusal } from "../support/refusal.ts";

const address = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const lower = address.toLowerCase();
const upper = `0x${address.slice(2).toUpperCase()}`;

describe("parseAccountId", () => {
	it.each([
		`eip155:1337:${address}`,
		`eip155:1337:${lower}`,
		`eip155:1337:${upper}`,
		`${address}@eip155:1337`,
		`${lower}@eip155:1337`,
	])("parses %s", (text) => {
		const account = parseAccountId(text);
		expect(account).toEqual({ chainId: 1337, address });
		expect(Object.isFrozen(account)).toBe(true);
	});

	it("parses a formatted account id, in both orders", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
				fc.uint8Array({ minLength: 20, maxLength: 20 }),
				(chainId, bytes) => {
					const account = { chainId, address: toChecksum(bytes) };
					expect(parseAccountId(`eip155:${chainId}:${account.address}`)).toEqual(account);
					expect(parseAccountId(`${account.address}@eip155:${chainId}`)).toEqual(account);
				},
			),
		);
	});

	it.each<[string, unknown]>([
		["nothing", undefined],
		["an empty string", ""],
		["a value that isn't a string", { chainId: 1 }],
		["the address alone", address],
		["a missing chain", `eip155::${address}`],
		["chain 0", `eip155:0:${address}`],
		["a chain id with a leading zero", `eip155:01:${address}`],
		["a hexadecimal chain id", `eip155:0x1:${address}`],
		["a signed chain id", `eip155:+1:${address}`],
		["a chain id in scientific notation", `eip155:1e3:${address}`],
		["a chain id above the safe integers", `eip155:9007199254740993:${address}`],
		["a chain id that is too long", `eip155:${"1".repeat(400)}:${address}`],
		["another namespace", `bip122:1:${address}`],
		["the namespace in upper case", `EIP155:1:${address}`],
		["trailing garbage", `eip155:1:${address} GARBAGE`],
		["leading garbage", ` eip155:1:${address}`],
		["leading garbage before the older order", `x${address}@eip155:1`],
		["a line break", `eip155:1:${address}\n`],
		["an address that is too short", "eip155:1:0xab"],
		["an address that is too long", `eip155:1:${address}ab`],
		["an address without 0x", `eip155:1:${address.slice(2)}`],
		["an address with 0X", `eip155:1:0X${address.slice(2)}`],
		["an address with invalid digits", `eip155:1:0x${"g".repeat(40)}`],
		["a wrong checksum", `eip155:1:${address.replace("E7E3", "e7E3")}`],
		["both orders", `${address}@eip155:1:${address}`],
		["the older order without a chain", `${address}@eip155:`],
		["the older order with trailing garbage", `${address}@eip155:1 x`],
		["the older order with another separator", `${address}#eip155:1`],
		["Arabic digits", `eip155:\u0661:${address}`],
	])("rejects %s", async (_what, text) => {
		await expectRefusal(() => parseAccountId(text), "did/document-invalid");
	});
});
