import { describe, expect, it } from "vitest";
import { deriveAccounts } from "../../src/registry/local-accounts.ts";

/** As Hardhat's documentation lists them. */
const HARDHAT = [
	{
		address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
		privateKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
	},
	{
		address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
		privateKey: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
	},
	{
		address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
		privateKey: "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
	},
];

describe("the accounts of a local chain", () => {
	it("are those of Hardhat and Foundry, as many as are asked for", () => {
		expect(deriveAccounts(0)).toEqual([]);
		expect(deriveAccounts(2)).toEqual(HARDHAT.slice(0, 2));
		expect(deriveAccounts(3)).toEqual(HARDHAT);
		expect(deriveAccounts(1)).toEqual(HARDHAT.slice(0, 1));
	});

	it("can't be changed for the next caller", () => {
		const accounts = deriveAccounts(2);
		expect(accounts.every(Object.isFrozen)).toBe(true);
		accounts.length = 0;
		expect(deriveAccounts(2)).toEqual(HARDHAT.slice(0, 2));
	});
});
