import { afterEach, describe, expect, it } from "vitest";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { BACKENDS } from "../../../src/keys/secp256k1/backends.node.ts";
import { BACKENDS as PORTABLE } from "../../../src/keys/secp256k1/backends.ts";
import {
	chooseImplementation,
	chosenImplementation,
	curveBackend,
	useCurveBackend,
} from "../../../src/keys/secp256k1/choose-backend.ts";
import { isHighS } from "../../../src/keys/secp256k1/curve.ts";
import type { BackendSource, CurveBackend, CurveOperation } from "../../../src/keys/secp256k1/curve-backend.ts";
import { nobleBackend } from "../../../src/keys/secp256k1/noble-backend.ts";
import { signData, verifyData } from "../../../src/keys/sign.ts";
import { implementationOf, OPERATION_BACKENDS, useFastestBackend } from "../../support/curve-backends.ts";
import { expectCode, SCALAR_HEX, utf8 } from "../sample-keys.ts";

const OPERATIONS: readonly CurveOperation[] = ["verify", "sign", "recover"];
const NOBLE: BackendSource = { name: "noble", load: () => nobleBackend };
const missing = (): never => {
	throw new Error("Cannot find module");
};

describe("curveBackend", () => {
	it.each(OPERATIONS)("is the fastest that works, chosen once per operation: %s", (operation) => {
		const fastest = OPERATION_BACKENDS[operation].find((name) => implementationOf(operation, name) !== undefined);
		expect(curveBackend(operation)).toBe(fastest);
		expect(chosenImplementation(operation)).toBe(chosenImplementation(operation));
	});

	it("names the verifying one by default", () => {
		expect(curveBackend()).toBe(curveBackend("verify"));
	});

	it.each<[string, CurveOperation, Partial<CurveBackend>]>([
		["can't verify", "verify", {}],
		["doesn't support the curve", "verify", { verify: missing }],
		["accepts everything", "verify", { verify: () => () => true }],
		["accepts nothing", "verify", { verify: () => () => false }],
		[
			"rejects high-S",
			"verify",
			{ verify: (point) => (bytes, signature) => !isHighS(signature) && nobleBackend.verify(point)(bytes, signature) },
		],
		["can't sign", "sign", {}],
		["fails to sign", "sign", { sign: missing }],
		["signs non-deterministically", "sign", { sign: () => new Uint8Array(64).fill(1) }],
		["signs too briefly", "sign", { sign: (bytes, scalar) => nobleBackend.sign(bytes, scalar).slice(0, 63) }],
		["can't recover", "recover", {}],
		["recovers nothing", "recover", { recover: missing }],
		["recovers another key", "recover", { recover: () => new Uint8Array(65).fill(4) }],
		["ignores the recovery id", "recover", { recover: (digest, s) => nobleBackend.recover(digest, s, 1) }],
	])("falls back to the next when a backend %s", (_what, operation, members) => {
		const broken: BackendSource = { name: "secp256k1", load: () => members };
		expect(chooseImplementation([broken, NOBLE], operation).name).toBe("noble");
	});

	it("falls back to the next when a package isn't installed", () => {
		const absent: BackendSource = { name: "secp256k1", load: missing };
		expect(chooseImplementation([absent, NOBLE], "sign").name).toBe("noble");
	});

	it("T65: chooses separately: OpenSSL verifies, but doesn't sign", () => {
		const candidates = BACKENDS.slice(2);
		expect(OPERATIONS.map((operation) => chooseImplementation(candidates, operation).name)).toEqual([
			"node:crypto",
			"noble",
			"noble",
		]);
	});

	it("has every backend in Node, fastest first, and noble everywhere, for each operation", () => {
		expect(BACKENDS.map(({ name }) => name)).toEqual(["secp256k1", "tiny-secp256k1", "node:crypto", "noble"]);
		for (const backends of [PORTABLE, BACKENDS.slice(3)]) {
			expect(OPERATIONS.map((operation) => chooseImplementation(backends, operation).name)).toEqual([
				"noble",
				"noble",
				"noble",
			]);
		}
	});

	it("throws if none works", async () => {
		for (const operation of OPERATIONS) {
			await expectCode(() => chooseImplementation([], operation), "key/unavailable");
		}
	});
});

describe("useCurveBackend", () => {
	afterEach(useFastestBackend);

	it("selects an implementation, also for keys that are in use already", async () => {
		const { privateKey, publicKey } = await importPair();
		const signature = await signData(privateKey, utf8("data"));
		for (const name of ["noble", "node:crypto", "noble"] as const) {
			useCurveBackend(name);
			expect(OPERATIONS.map((operation) => curveBackend(operation))).toEqual([name, "noble", "noble"]);
			expect(await signData(privateKey, utf8("data"))).toEqual(signature);
			expect(await verifyData(publicKey, utf8("data"), signature)).toBe(true);
			expect(await verifyData(publicKey, utf8("datum"), signature)).toBe(false);
		}
	});

	it("refuses a name that it doesn't have, and changes nothing", async () => {
		useCurveBackend("node:crypto");
		for (const wrong of ["openssl", "", undefined, null, 1, {}, "constructor"]) {
			await expectCode(() => useCurveBackend(wrong as "noble"), "key/unavailable");
		}
		expect(curveBackend()).toBe("node:crypto");
	});
});

async function importPair() {
	const privateKey = await importPrivateKey(SCALAR_HEX);
	return { privateKey, publicKey: privateKey.publicKey };
}
