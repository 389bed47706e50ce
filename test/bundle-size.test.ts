import { describe, expect, it } from "vitest";
import { bundle } from "./support/bundle-size.ts";

describe("browser bundle size, minified and gzipped", () => {
	it("decodeToken: at most 3.4 kB, without dependencies", async () => {
		const { kilobytes, packages } = await bundle('export { decodeToken } from "orgpass/jws";');
		expect(packages).toEqual([]);
		expect(kilobytes).toBeLessThanOrEqual(3.4);
	});

	it("orgid verifier with the registry's resolver: at most 88.8 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { createVerifier } from "orgpass/auth";
			export { createOrgIdResolver } from "orgpass/resolver";
			export { orgid } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(88.8);
	});

	it("orgid minter with an imported key: at most 27.6 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { importPrivateKey } from "orgpass/keys";
			export { createOrgIdMinter } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(27.6);
	});

	it("orgid minter with a generated key: at most 23.5 kB, without ethers", async () => {
		const { kilobytes, packages } = await bundle(`
			export { generateKeyPair } from "orgpass/keys";
			export { createOrgIdMinter } from "orgpass/tokens";
		`);
		expect(packages).not.toContain("ethers");
		expect(kilobytes).toBeLessThanOrEqual(23.5);
	});

	it("importPublicKey: at most 24.4 kB", async () => {
		const { kilobytes, packages } = await bundle('export { importPublicKey } from "orgpass/keys";');
		expect(packages).toEqual(["@noble/hashes", "@noble/secp256k1", "valibot"]);
		expect(kilobytes).toBeLessThanOrEqual(24.4);
	});

	it("all of orgpass/keys: at most 33.5 kB", async () => {
		const { kilobytes, packages } = await bundle('export * from "orgpass/keys";');
		expect(packages).toEqual(["@noble/hashes", "@noble/secp256k1", "@scure/base", "valibot"]);
		expect(kilobytes).toBeLessThanOrEqual(33.5);
	});
});
