/** Tokens that are presented more than once. */
import { beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { forgeToken, highSTwin } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";
import { forgeKind, KINDS, RSA_KEYS, verifierOfKinds } from "../support/token-kinds.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const PRESENTATIONS = thorough(1_000, 100);
const ID_LENGTH = thorough(1_000_000, 50_000);

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const claimsWith = (jti: string | undefined): Promise<string> =>
	stage.forge({ payload: stage.claims({ jti, nonce: crypto.randomUUID() }) });

describe("T29: a token that is accepted once", () => {
	it("T29: is refused the second time, by every verifier that shares the store", async () => {
		const replay = createMemoryReplayStore();
		const [one, other] = [stage.verifierWith({ replay }), stage.verifierWith({ replay })];
		const token = await stage.forge();
		expect((await one.verify(token)).issuer).toBe(stage.sender.did);
		for (const verifier of [one, other]) await expectRefusal(() => verifier.verify(token), "replay/seen");
	});

	it("T29: has one acceptance among many presentations at once", async () => {
		const replay = createMemoryReplayStore();
		const verifiers = [stage.verifierWith({ replay }), stage.verifierWith({ replay })] as const;
		const token = await claimsWith("1");
		const results = await Promise.allSettled(
			Array.from({ length: PRESENTATIONS }, (_, at) => verifiers[at % 2 === 0 ? 0 : 1].verify(token)),
		);
		const codes = results.map((result) => (result.status === "fulfilled" ? "accepted" : result.reason.code));
		expect(codes.filter((code) => code === "accepted")).toHaveLength(1);
		expect(codes.filter((code) => code === "replay/seen")).toHaveLength(PRESENTATIONS - 1);
	});

	it("T29: is refused if another token of its issuer has had its jti, but not if one of another issuer has", async () => {
		const verifier = stage.verifierWith({ replay: createMemoryReplayStore() });
		await verifier.verify(await claimsWith("1"));
		await expectRefusal(async () => verifier.verify(await claimsWith("1")), "replay/seen");
		await verifier.verify(await claimsWith("2"));
		await verifier.verify(await claimsWith(undefined));
		await verifier.verify(await claimsWith(undefined));
	});

	it("T29: a full store refuses new tokens, and never forgets one that is still valid", async () => {
		const verifier = stage.verifierWith({ replay: createMemoryReplayStore({ maxEntries: 3 }) });
		const tokens = await Promise.all(["1", "2", "3"].map(claimsWith));
		for (const token of tokens) await verifier.verify(token);
		for (let jti = 4; jti < 10; jti += 1) {
			await expectRefusal(async () => verifier.verify(await claimsWith(String(jti))), "replay/unavailable");
		}
		for (const token of tokens) await expectRefusal(() => verifier.verify(token), "replay/seen");
	});

	it.each([
		["with the names of an object's members", ["__proto__", "constructor", "hasOwnProperty", "toString"]],
		["with control characters", ["\0", "a\0b", "a", "\n", "\u2028"]],
		["with quotes and separators", ['","', '"', "\\", '\\"', ":", "."]],
		["with letters that look the same", ["\u00e9", "e\u0301", "\u212b", "\u00c5"]],
		["that look like a key of the store", ["A".repeat(43), "A".repeat(42)]],
	])("T29: ids %s are told apart", async (_what, ids) => {
		const verifier = stage.verifierWith({ replay: createMemoryReplayStore() });
		for (const jti of ids) await verifier.verify(await claimsWith(jti));
		for (const jti of ids) await expectRefusal(async () => verifier.verify(await claimsWith(jti)), "replay/seen");
	});

	it("T29: a long id takes no more space than any other", async () => {
		const keys: string[] = [];
		const replay = { spend: async (key: string) => keys.push(key) > 0 };
		const verifier = stage.verifierWith({ replay, maxTokenBytes: 4_000_000 });
		for (const end of ["a", "b"]) await verifier.verify(await claimsWith(`${"x".repeat(ID_LENGTH)}${end}`));
		expect(new Set(keys).size).toBe(2);
		expect(keys.map(({ length }) => length)).toEqual([43, 43]);
	});

	it.each(KINDS)("T29: %s tokens are refused the second time", async (kind) => {
		const verifier = verifierOfKinds([kind], { replay: createMemoryReplayStore() });
		const token = await forgeKind(kind);
		await verifier.verify(token);
		await expectRefusal(() => verifier.verify(token), "replay/seen");
	});

	it.each([undefined, "1"])(
		"T29: apps of two kinds with one id have each their own tokens, with the jti %s",
		async (jti) => {
			const replay = createMemoryReplayStore();
			const iat = stage.now();
			for (const profileOf of [githubApp, icrApp]) {
				const verifier = createVerifier({ profiles: [profileOf({ keys: { 7: RSA_KEYS.publicKey } })], replay });
				const payload = { iss: "7", iat, exp: iat + 60, jti };
				const token = await forgeToken({ header: { alg: "RS256" }, payload, key: RSA_KEYS.privateKey });
				await verifier.verify(token);
				await expectRefusal(() => verifier.verify(token), "replay/seen");
			}
		},
	);
});

describe("T20: a token and its high-S twin", () => {
	it.each([
		["with jti", "low S first", "1", false],
		["with jti", "high S first", "1", true],
		["without jti", "low S first", undefined, false],
		["without jti", "high S first", undefined, true],
	])("T20: %s have one acceptance, %s", async (_what, _order, jti, isTwinFirst) => {
		const verifier = stage.verifierWith({ replay: createMemoryReplayStore() });
		const token = await claimsWith(jti);
		const forms = [token, highSTwin(token)];
		for (const form of forms) await stage.verify(form);
		const [first, second] = (isTwinFirst ? forms.toReversed() : forms) as [string, string];
		await verifier.verify(first);
		await expectRefusal(() => verifier.verify(second), "replay/seen");
	});

	it("T20: a token that is signed again has no second acceptance", async () => {
		const verifier = stage.verifierWith({ replay: createMemoryReplayStore() });
		const payload = stage.claims();
		const [one, other] = [await stage.forge({ payload }), await stage.forge({ payload })];
		expect(one).not.toBe(other);
		await verifier.verify(one);
		await expectRefusal(() => verifier.verify(other), "replay/seen");
	});
});
