import type { Resolvable } from "did-resolver";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { withSignature } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type Change, createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
const stranger = await generateKeyPair();
beforeAll(async () => {
	stage = await createOfflineStage();
});

const UNKNOWN_CHAIN = `did:orgid:5:0x${"0c".repeat(32)}#webserver`;
const ABSENT = `did:orgid:31337:0x${"0c".repeat(32)}#webserver`;

/** Faults of a token, in the order of P3; only the first is reported. */
const FAULTS: readonly [what: string, make: () => Change, code: ErrorCode][] = [
	["form", () => ({ payload: "[]" }), "token/malformed"],
	["algorithm", () => ({ header: stage.header({ alg: "none", crit: ["x"] }) }), "token/algorithm"],
	["header", () => ({ header: stage.header({ jwk: {}, typ: "x" }) }), "token/header"],
	["key id", () => ({ header: stage.header({ kid: "x" }) }), "token/key-id"],
	["issuer", () => ({ header: { alg: "ES256K" }, payload: stage.claims({ iss: "x" }) }), "token/issuer"],
	["expiry", () => ({ payload: stage.claims({ exp: stage.now() - 60, aud: "x" }) }), "token/expired"],
	["audience", () => ({ payload: stage.claims({ aud: "x" }) }), "token/audience"],
];

describe("P3: cheap checks come before the network", () => {
	it.each(FAULTS)("P3: a wrong %s is rejected without calling the resolver or fetch", async (_what, make, code) => {
		const fetched = vi.spyOn(globalThis, "fetch");
		await stage.refuse(await stage.forge({ ...make(), key: stranger.privateKey }), code, 0);
		expect(fetched).not.toHaveBeenCalled();
		fetched.mockRestore();
	});

	it.each(FAULTS)("P3: reports a wrong %s before any later fault", async (what, make, code) => {
		const at = FAULTS.findIndex(([name]) => name === what);
		const changes = FAULTS.slice(at).map(([, later]) => later());
		const objects = changes.map(({ payload }) => payload).filter((one) => typeof one === "object");
		const payload = make().payload === "[]" ? "[]" : Object.assign({}, ...objects, make().payload);
		const token = await stage.forge({ header: make().header ?? { alg: "ES256K" }, payload });
		await stage.refuse(withSignature(token, new Uint8Array(3)), code, 0);
	});

	it.each<[string, object, ErrorCode]>([
		["expired", { exp: 1_000_000 }, "token/expired"],
		["from the future", { nbf: 9_000_000_000 }, "token/not-yet-valid"],
		["for another audience", { aud: "did:orgid:1:0x" }, "token/audience"],
		["without exp", { exp: undefined }, "token/claim-missing"],
		["with too long a lifetime", { exp: 9_000_000_000 }, "token/lifetime"],
		["with jti: null", { jti: null }, "token/claim-invalid"],
		["with an empty jti", { jti: "" }, "token/claim-invalid"],
		["with scope: null", { scope: null }, "token/claim-invalid"],
	])(
		"P3: a token %s of an unknown chain or organization is rejected without calling the resolver",
		async (_what, members, code) => {
			for (const iss of [UNKNOWN_CHAIN, ABSENT]) {
				const payload = stage.claims({ iss, ...members });
				await stage.refuse(await stage.forge({ header: { alg: "ES256K" }, payload }), code, 0);
			}
		},
	);

	it("P3: an unknown chain is rejected before calling the resolver if the profile lists its chains", async () => {
		const verifier = stage.verifierWith({}, { chainIds: [31_337] });
		stage.resolver.reset();
		const payload = stage.claims({ iss: UNKNOWN_CHAIN, exp: 1 });
		const token = await stage.forge({ header: { alg: "ES256K" }, payload });
		await expectRefusal(() => verifier.verify(token), "did/chain-unknown");
		expect(stage.resolver.calls()).toBe(0);
	});

	it("P3: one resolver call for an invalid signature, and one for a valid token", async () => {
		await stage.refuse(await stage.forge({ key: stranger.privateKey }), "token/signature", 1);
		stage.resolver.reset();
		await stage.verify(await stage.forge());
		expect(stage.resolver.calls()).toBe(1);
	});

	it("P3: policies never see a token with an invalid signature", async () => {
		const policy = vi.fn();
		const verifier = stage.verifierWith({ policies: [policy] });
		const forged = await stage.forge({ key: stranger.privateKey });
		await expectRefusal(() => verifier.verify(forged), "token/signature");
		expect(policy).not.toHaveBeenCalled();
		await verifier.verify(await stage.forge());
		expect(policy).toHaveBeenCalledTimes(1);
	});

	it("P3: a missing scope of a forged token isn't revealed", async () => {
		const forged = await stage.forge({ key: stranger.privateKey });
		await expectRefusal(() => stage.verifier.verify(forged, { scope: "admin" }), "token/signature");
	});
});

describe("P3: the checks after the lookup", () => {
	it("P3: a token that expires while its issuer is looked up is rejected", async () => {
		let seconds = stage.now();
		const slow: Resolvable = {
			resolve: async (did, options) => {
				const result = await stage.resolver.resolve(did, options);
				seconds += 100;
				return result;
			},
		};
		const verifier = stage.verifierWith({ now: () => seconds }, { resolver: slow });
		const token = await stage.forge({ payload: stage.claims({ exp: seconds + 60 }) });
		await expectRefusal(() => verifier.verify(token), "token/expired");
	});

	it("P3: a clock that fails after the lookup rejects the token", async () => {
		const times = [stage.now(), Number.NaN];
		const verifier = stage.verifierWith({ now: () => times.shift() as number });
		const token = await stage.forge();
		await expectRefusal(() => verifier.verify(token), "config/invalid-option");
	});
});
