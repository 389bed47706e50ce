import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { signSync } from "../../src/keys/private-key.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { createGitHubAppMinter, createIcrAppMinter } from "../../src/tokens/app/app-minter.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { createOrgIdEthMinter } from "../../src/tokens/orgid-account/account-minter.ts";
import { createVonageMinter } from "../../src/tokens/vonage/vonage-minter.ts";
import { expectRefusal } from "../support/refusal.ts";
import { APP_ID, RSA_KEYS } from "../support/token-kinds.ts";

const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const { privateKey, publicKey } = await generateKeyPair();

const { privateKey: appKey } = RSA_KEYS;
const APP_MINTERS = {
	"github-app": () => createGitHubAppMinter({ key: appKey, issuer: 12_345 }),
	"icr-app": () => createIcrAppMinter({ key: appKey, issuer: APP_ID }),
	vonage: () => createVonageMinter({ key: appKey, applicationId: APP_ID }),
};

/** A minter on a clock of its own, with a signer that counts and can be made to fail. */
function stageMinter(options: { audience?: string; lifetimeSeconds?: number } = { audience: "a" }) {
	const state = { now: 1_000, signatures: 0, fails: false, answered: undefined as Promise<void> | undefined };
	const key: Signer = {
		algorithm: "ES256K",
		publicKey,
		sign: async (bytes) => {
			state.signatures += 1;
			await (state.answered ?? setImmediate());
			if (state.fails) throw new Error("the HSM is busy");
			return signSync(privateKey, bytes);
		},
	};
	const minter = createOrgIdMinter({ key, issuer, now: () => state.now, ...options });
	return { state, minter };
}

describe("minter.token", () => {
	it("returns the same token until a fifth of its lifetime is left, then a new one", async () => {
		const { state, minter } = stageMinter();
		const first = await minter.token();
		expect(decodeToken(first).claims).toMatchObject({ iat: 1_000, exp: 4_600 });
		state.now = 1_000 + 2_879;
		expect(await minter.token()).toBe(first);
		expect(state.signatures).toBe(1);
		state.now = 1_000 + 2_880;
		const second = await minter.token();
		expect(second).not.toBe(first);
		expect(decodeToken(second).claims).toMatchObject({ iat: 3_880, exp: 7_480 });
		state.now += 2_879;
		expect(await minter.token()).toBe(second);
		expect(state.signatures).toBe(2);
	});

	it("returns a new token if the clock was set back: the other is issued in the future", async () => {
		const { state, minter } = stageMinter();
		const first = await minter.token();
		state.now -= 1;
		expect(decodeToken(await minter.token()).claims).toMatchObject({ iat: 999 });
		expect(await minter.token()).not.toBe(first);
	});

	it("remembers the tokens of a thousand audiences", async () => {
		const { state, minter } = stageMinter();
		const audiences = Array.from({ length: 1_001 }, (_, at) => `a${at}`);
		for (const audience of audiences.slice(0, 1_000)) await minter.token({ audience });
		await minter.token({ audience: "a0" });
		expect(state.signatures).toBe(1_000);
		await minter.token({ audience: "a1000" });
		await minter.token({ audience: "a999" });
		expect(state.signatures).toBe(1_001);
		await minter.token({ audience: "a0" });
		expect(state.signatures).toBe(1_002);
	});

	it("uses the minter's own lifetimeSeconds", async () => {
		const { state, minter } = stageMinter({ audience: "a", lifetimeSeconds: 10 });
		const first = await minter.token();
		state.now += 7.9;
		expect(await minter.token()).toBe(first);
		state.now += 0.1;
		expect(await minter.token()).not.toBe(first);
	});

	it("mints once for concurrent calls", async () => {
		const { state, minter } = stageMinter();
		const tokens = await Promise.all(Array.from({ length: 100 }, () => minter.token()));
		expect(new Set(tokens).size).toBe(1);
		expect(state.signatures).toBe(1);
		state.now += 3_000;
		const renewed = await Promise.all(Array.from({ length: 100 }, () => minter.token()));
		expect(new Set(renewed).size).toBe(1);
		expect(state.signatures).toBe(2);
	});

	it("doesn't cache a failure", async () => {
		const { state, minter } = stageMinter();
		state.fails = true;
		const results = await Promise.allSettled([minter.token(), minter.token()]);
		expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
		expect(state.signatures).toBe(1);
		state.fails = false;
		expect(decodeToken(await minter.token()).claims).toMatchObject({ iat: 1_000 });
		expect(state.signatures).toBe(2);
	});

	it("doesn't cache a failed renewal", async () => {
		const { state, minter } = stageMinter();
		const first = await minter.token();
		state.now += 3_000;
		state.fails = true;
		await expect(minter.token()).rejects.toThrow("busy");
		state.fails = false;
		expect(await minter.token()).not.toBe(first);
	});

	it("a late failure doesn't drop a newer token", async () => {
		const { state, minter } = stageMinter();
		const answer = Promise.withResolvers<void>();
		state.answered = answer.promise;
		const late = minter.token();
		state.answered = undefined;
		state.now += 3_000;
		const newer = await minter.token();
		answer.reject(new Error("the HSM is busy"));
		await expect(late).rejects.toThrow("busy");
		expect(await minter.token()).toBe(newer);
		expect(state.signatures).toBe(2);
	});

	it("mint returns a new token each time, without affecting token()", async () => {
		const { state, minter } = stageMinter();
		const kept = await minter.token();
		expect(await minter.mint()).not.toBe(await minter.mint());
		expect(await minter.token()).toBe(kept);
		expect(state.signatures).toBe(3);
	});

	it("keeps one token for each audience", async () => {
		const { state, minter } = stageMinter();
		const audiences = [undefined, "b", "c", ["b", "c"], ["c", "b"]];
		const tokens = await Promise.all([...audiences, ...audiences].map((audience) => minter.token({ audience })));
		expect(tokens.slice(0, 5)).toEqual(tokens.slice(5));
		expect(tokens.slice(0, 5).map((token) => decodeToken(token).claims["aud"])).toEqual(["a", ...audiences.slice(1)]);
		expect(state.signatures).toBe(5);
		state.now += 2_879;
		expect(await minter.token({ audience: "b" })).toBe(tokens[1]);
		state.now += 1;
		expect(await minter.token({ audience: "b" })).not.toBe(tokens[1]);
		expect(state.signatures).toBe(6);
	});

	it.each([
		["config/unknown-option", { claims: {} }],
		["config/invalid-option", { scope: "" }],
		["config/invalid-option", { scope: 'bo"ok' }],
		["config/unknown-option", { lifetimeSeconds: 60 }],
		["config/invalid-option", { audience: "" }],
		["config/invalid-option", { audience: [] }],
		["config/invalid-option", { audience: "did:orgid:100:0x0a#key" }],
		["config/invalid-option", null],
	] as const)("rejects with %s for %j", async (code, options) => {
		const { state, minter } = stageMinter();
		await expectRefusal(() => minter.token(options as never), code);
		expect(state.signatures).toBe(0);
	});

	it("keeps one token for each set of scopes", async () => {
		const { state, minter } = stageMinter();
		const scopes = ["book", "book cancel", ["cancel", "book"], "cancel book  cancel", undefined, "bookcancel"];
		const tokens = await Promise.all([...scopes, ...scopes].map((scope) => minter.token({ scope })));
		expect(tokens.map((token) => decodeToken(token).claims["scope"])).toEqual(
			[0, 1].flatMap(() => ["book", "book cancel", "book cancel", "book cancel", undefined, "bookcancel"]),
		);
		expect(new Set(tokens).size).toBe(4);
		await minter.token({ audience: "b", scope: "book" });
		expect(state.signatures).toBe(5);
	});

	it("requires the minter to have an audience", async () => {
		const { minter } = stageMinter({});
		for (const _ of [1, 2]) {
			const { details } = await expectRefusal(() => minter.token(), "config/invalid-option");
			expect(details).toEqual({ option: "audience" });
		}
	});
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, "1000", undefined, null, new Date(0), 10n])(
	"no minter accepts a clock that returns %s",
	async (time) => {
		const now = () => time as number;
		const minters = [
			createOrgIdMinter({ key: privateKey, issuer, audience: "a", now }),
			createOrgIdEthMinter({ key: privateKey, issuer: issuer.replace("#webserver", ""), audience: "a", now }),
			createIoctlMinter({ key: privateKey, now }),
			createGitHubAppMinter({ key: appKey, issuer: 12_345, now }),
			createVonageMinter({ key: appKey, applicationId: APP_ID, now }),
		];
		for (const minter of minters) {
			for (const mint of [() => minter.mint(), () => minter.token()]) {
				const { details } = await expectRefusal(mint, "config/invalid-option");
				expect(details).toEqual({ option: "now" });
			}
		}
	},
);

describe("minter.token of other kinds", () => {
	it("ioctl: keeps one token for each resource and operation", async () => {
		const minter = createIoctlMinter({ key: privateKey, now: () => 1_000 });
		const rooms = { resource: "https://hotel.example/rooms", operation: "Read" };
		const token = await minter.token(rooms);
		expect(decodeToken(token).claims).toMatchObject({ sub: rooms.resource, scope: "Read" });
		expect(await minter.token({ ...rooms })).toBe(token);
		expect(await minter.token({ ...rooms, operation: "Update" })).not.toBe(token);
	});

	it("accounts: keeps one token for each audience and scope", async () => {
		const minter = createOrgIdEthMinter({ key: privateKey, issuer: issuer.replace("#webserver", "") });
		const token = await minter.token({ audience: "a", scope: "book" });
		expect(decodeToken(token).claims).toMatchObject({ aud: "a", scope: "book" });
		expect(await minter.token({ audience: "a", scope: ["book"] })).toBe(token);
		expect(await minter.token({ audience: "b", scope: "book" })).not.toBe(token);
	});

	it("github-app: counts the minute that iat is set back", async () => {
		let now = 1_000;
		const minter = createGitHubAppMinter({ key: appKey, issuer: 12_345, now: () => now });
		const token = await minter.token();
		expect(decodeToken(token).claims).toMatchObject({ iat: 940, exp: 1_480 });
		now += 371;
		expect(await minter.token()).toBe(token);
		now += 1;
		expect(await minter.token()).not.toBe(token);
	});

	it.each(["github-app", "icr-app", "vonage"] as const)("%s: keeps its one token", async (kind) => {
		const minter = APP_MINTERS[kind]();
		expect(await minter.token()).toBe(await minter.token({}));
	});

	it.each([
		["ioctl", { audience: "a" }],
		["ioctl", { resource: ["a", "b"] }],
		["ioctl", { expiresAt: 0 }],
		["github-app", { audience: "a" }],
		["icr-app", { scope: "book" }],
		["vonage", { claims: { sub: "alice" } }],
		["vonage", { resource: "a" }],
	] as const)("%s: refuses %j, which its tokens don't have", async (kind, options) => {
		const minter = kind === "ioctl" ? createIoctlMinter({ key: privateKey }) : APP_MINTERS[kind]();
		const codes = ["config/unknown-option", "config/invalid-option"] as const;
		await expectRefusal(() => minter.token(options as never), codes);
		await expectRefusal(() => minter.discard("", options as never), codes);
	});
});

describe("minter.discard", () => {
	it("has token() mint a new one, once for concurrent calls", async () => {
		const { state, minter } = stageMinter();
		const [first, other] = [await minter.token(), await minter.token({ audience: "b" })];
		const renewed = await Promise.all(
			Array.from({ length: 10 }, () => {
				minter.discard(first);
				return minter.token();
			}),
		);
		expect(new Set(renewed).size).toBe(1);
		expect(renewed).not.toContain(first);
		minter.discard(first);
		minter.discard(other);
		expect(await minter.token()).toBe(renewed[0]);
		expect(await minter.token({ audience: "b" })).toBe(other);
		expect(state.signatures).toBe(3);
	});

	it("drops only the token with these scopes, and corrects the clock for all of the audience's", async () => {
		const { state, minter } = stageMinter();
		state.now = 784_111_777 - 3_600;
		const [plain, scoped] = [await minter.token(), await minter.token({ scope: "book" })];
		minter.discard(scoped, { scope: ["book"], serverDate: "Sun, 06 Nov 1994 08:49:37 GMT" });
		expect(await minter.token()).toBe(plain);
		expect(decodeToken(await minter.token({ scope: "book" })).claims["iat"]).toBe(784_111_777);
		expect(decodeToken(await minter.mint()).claims["iat"]).toBe(784_111_777);
	});

	it("with serverDate has the audience's tokens follow the server's clock", async () => {
		const { state, minter } = stageMinter();
		state.now = 784_111_777 - 3_600;
		minter.discard(await minter.token(), { serverDate: "Sun, 06 Nov 1994 08:49:37 GMT" });
		expect(decodeToken(await minter.token()).claims["iat"]).toBe(784_111_777);
		expect(decodeToken(await minter.mint()).claims["iat"]).toBe(784_111_777);
		expect(decodeToken(await minter.token({ audience: "b" })).claims["iat"]).toBe(state.now);
	});

	it.each(["yesterday", "", "Sun, 06 Nov 1994 08:49:37 GMT", null, undefined])("ignores %j", async (serverDate) => {
		const { state, minter } = stageMinter();
		minter.discard(await minter.token(), { serverDate });
		expect(decodeToken(await minter.token()).claims["iat"]).toBe(state.now);
	});

	it("refuses unknown options", async () => {
		const { minter } = stageMinter();
		await expectRefusal(() => minter.discard("", { date: "" } as never), "config/unknown-option");
	});
});

describe("tokens of one second, for servers that accept each once", () => {
	const now = (): number => 1_000;
	const jti = (): { claims: { jti: string } } => ({ claims: { jti: crypto.randomUUID() } });
	const orgid = createOrgIdMinter({ key: privateKey, issuer, audience: "a", now });
	const did = issuer.slice(0, -"#webserver".length);
	const eth = createOrgIdEthMinter({ key: privateKey, issuer: did, audience: "a", now });
	const github = createGitHubAppMinter({ key: appKey, issuer: 12_345, now });
	const icr = createIcrAppMinter({ key: appKey, issuer: APP_ID, now });
	const vonage = createVonageMinter({ key: appKey, applicationId: APP_ID, now });
	const ioctl = createIoctlMinter({ key: privateKey, now });

	const unsigned = async (mint: () => Promise<string>): Promise<string> => (await mint()).split(".", 2).join(".");

	it.each<[string, () => Promise<string>]>([
		["orgid", () => orgid.mint()],
		["orgid-eth", () => eth.mint()],
		["vonage", () => vonage.mint()],
		["github-app with jti", () => github.mint(jti())],
		["icr-app with jti", () => icr.mint(jti())],
	])("differ: %s", async (_what, mint) => {
		expect(await unsigned(mint)).not.toBe(await unsigned(mint));
	});

	it.each<[string, () => Promise<string>]>([
		["github-app", () => github.mint()],
		["icr-app", () => icr.mint()],
		["ioctl", () => ioctl.mint({ operation: "Read" })],
	])("are equal, because their format has no id: %s", async (_what, mint) => {
		expect(await unsigned(mint)).toBe(await unsigned(mint));
	});
});
