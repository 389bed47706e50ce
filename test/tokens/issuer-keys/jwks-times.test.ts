/** When exactly a JWK Set is fetched again, by a clock that stands still until a test moves it; and what errors say. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KeyError } from "../../../src/errors/errors.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { settleSharedWork } from "../../../src/network/shared-work.ts";
import { areStale, createKeyFinder } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { type JwksOptions, keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { type JwksServer, startJwksServer } from "../../support/jwks-server.ts";
import { recordOperations } from "../../support/recording-observer.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { RSA_KEYS } from "../../support/token-kinds.ts";

const JWK = exportPublicKey(RSA_KEYS.publicKey, "jwk");
const OWN = { ...JWK, kid: "7" };

let server: JwksServer;
let clock: { mockReturnValue(ms: number): unknown };
beforeEach(async () => {
	server = await startJwksServer();
	server.serve(OWN);
	clock = vi.spyOn(performance, "now").mockReturnValue(0);
});
afterEach(async () => {
	vi.restoreAllMocks();
	await settleSharedWork();
	await server.close();
});

/** A lookup that has fetched the set at 0. */
async function lookUp(options: JwksOptions = {}) {
	const keys = keysFromJwks(server.url, options);
	await keys("7", undefined);
	server.asked();
	/** The number of keys, and whether they are stale, at a time. */
	const at = async (seconds: number, issuer = "7"): Promise<string | undefined> => {
		clock.mockReturnValue(seconds * 1_000);
		try {
			const found = (await keys(issuer, undefined)) as readonly RsaPublicKey[] | undefined;
			await settleSharedWork();
			return found && `${found.length}${areStale(found) ? " stale" : ""}`;
		} catch (error) {
			return (error as KeyError).code;
		}
	};
	return { keys, at };
}

describe("a JWK Set", () => {
	it("is fetched again from half of its age on, and not before", async () => {
		const { at } = await lookUp();
		expect([await at(299.999), server.asked()]).toEqual(["1", 0]);
		expect([await at(300), server.asked()]).toEqual(["1", 1]);
		expect([await at(599.999), server.asked()]).toEqual(["1", 0]);
	});

	it("isn't used once it is too old, and its host is down", async () => {
		const { at } = await lookUp();
		server.down();
		expect(await at(599.999)).toBe("1");
		expect(await at(600)).toBe("key/unreachable");
	});

	it("is used as long as it may be stale, and not longer", async () => {
		const { at } = await lookUp({ staleIfErrorSeconds: 100 });
		server.down();
		expect(await at(600)).toBe("1 stale");
		expect(await at(699.999)).toBe("1 stale");
		expect(await at(700)).toBe("key/unreachable");
	});

	it("is fetched for an unknown issuer after the cooldown, and not before", async () => {
		const { at } = await lookUp();
		expect([await at(29.999, "8"), server.asked()]).toEqual([undefined, 0]);
		expect([await at(30, "8"), server.asked()]).toEqual([undefined, 1]);
	});

	it("is fetched again after the cooldown if that failed, and not before", async () => {
		const keys = keysFromJwks(server.url);
		server.down();
		await expectRefusal(() => keys("7", undefined), "key/unreachable");
		server.serve(OWN);
		server.asked();
		clock.mockReturnValue(29_999);
		const error = await expectRefusal(() => keys("7", undefined), "key/unreachable");
		expect([error.cause, server.asked()]).toEqual([expect.any(Error), 0]);
		clock.mockReturnValue(30_000);
		expect([((await keys("7", undefined)) as readonly unknown[]).length, server.asked()]).toEqual([1, 1]);
	});

	it("isn't waited for while its host has just failed", async () => {
		const { keys, at } = await lookUp({ staleIfErrorSeconds: 1_000, cooldownSeconds: 30 });
		server.down();
		expect(await at(600)).toBe("1 stale");
		const held = Promise.withResolvers<void>();
		server.answer((outgoing) => void held.promise.then(() => outgoing.destroy()));
		clock.mockReturnValue(659_999);
		expect(areStale(await keys("7", undefined))).toBe(true);
		held.resolve();
	});

	it("belongs to its owner, if it has one, whatever the kid", async () => {
		const keys = keysFromJwks(server.url, { issuer: "5" });
		server.serve({ ...JWK, kid: undefined }, { ...JWK, kid: 7 }, OWN);
		expect(await keys("5", undefined)).toHaveLength(3);
		expect(await keys("5", "7")).toHaveLength(1);
		expect(await keys("5", RSA_KEYS.publicKey.thumbprint)).toHaveLength(3);
		server.asked();
		expect([await keys("7", undefined), server.asked()]).toEqual([undefined, 0]);
	});

	it("is the same for every spelling of a UUID", async () => {
		const id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
		server.serve({ ...JWK, kid: `${id.toUpperCase()}#next` });
		const keys = keysFromJwks(server.url);
		for (const name of [id, id.toUpperCase()]) expect(await keys(name, undefined)).toHaveLength(1);
		expect(await keys("not an id", undefined)).toBeUndefined();
	});

	it("is asked for as JSON, and its fetches are observed", async () => {
		const { observer, started, of } = recordOperations();
		const accepted: unknown[] = [];
		const body = JSON.stringify({ keys: [OWN] });
		server.answer((outgoing, incoming) => {
			accepted.push(incoming.headers.accept);
			outgoing.end(body);
		});
		await keysFromJwks(server.url, { observer })("7", undefined);
		expect(accepted).toEqual(["application/json, application/jwk-set+json"]);
		const { host } = new URL(server.url);
		expect(started).toEqual([{ operation: "jwks", host }]);
		expect(of("jwks")).toMatchObject([{ outcome: "ok", host, receivedBytes: body.length }]);
	});
});

describe("an entry that can't be used", () => {
	/** What the error for an unknown issuer says of the entries. */
	async function skippedOf(issuer: string, ...entries: readonly unknown[]): Promise<readonly string[]> {
		server.serve(...entries);
		const find = createKeyFinder(keysFromJwks(server.url), "githubApp");
		const error = await expectRefusal(() => find(issuer, undefined), "token/issuer-unknown");
		const { skipped = [] } = error.details as { skipped?: readonly string[] };
		expect(error.details["issuer"]).toBe(issuer);
		for (const reason of skipped) expect(error.message).toContain(reason);
		expect(error.message).not.toMatch(/ more$/);
		return skipped;
	}

	it.each<[unknown, RegExp]>([
		[null, /^entry 1: expected a JWK$/],
		[5, /^entry 1: expected a JWK$/],
		["text", /^entry 1: expected a JWK$/],
		[{}, /^entry 1: /],
		[{ kty: "RSA", kid: "8" }, /^entry 1 with the kid "8": /],
		[{ ...JWK, kid: undefined }, /^entry 1: expected kid to be an app's id as text.*, got nothing$/],
		[{ ...JWK, kid: 7 }, /^entry 1 with the kid 7: expected kid to be an app's id as text/],
		[{ ...JWK, kid: "app id" }, /^entry 1 with the kid "app id": expected kid/],
	])("%o is named, with the reason", async (entry, reason) => {
		const skipped = await skippedOf("7", entry);
		expect(skipped).toEqual([expect.stringMatching(reason)]);
	});

	it("of the issuer itself is named first, and at most five are", async () => {
		const others = Array.from({ length: 6 }, (_, at) => ({ kty: "RSA", kid: `${at + 10}` }));
		const skipped = await skippedOf("7", ...others.slice(0, 4), { kty: "RSA", kid: "7#x" });
		expect(skipped.map((reason) => reason.split(":")[0])).toEqual([
			...['entry 5 with the kid "7#x"', 'entry 1 with the kid "10"', 'entry 2 with the kid "11"'],
			...['entry 3 with the kid "12"', 'entry 4 with the kid "13"'],
		]);
		server.serve(...others);
		const find = createKeyFinder(keysFromJwks(server.url), "githubApp");
		const error = await expectRefusal(() => find("7", undefined), "token/issuer-unknown");
		expect((error.details["skipped"] as unknown[]).length).toBe(5);
		expect(error.message).toMatch(/; and 1 more$/);
	});

	it("leaves nothing to name if there is none", async () => {
		server.serve(OWN);
		const find = createKeyFinder(keysFromJwks(server.url), "githubApp");
		const error = await expectRefusal(() => find("8", undefined), "token/issuer-unknown");
		expect(error.details).toEqual({ issuer: "8" });
		expect(error.message).not.toContain("skipped");
	});
});

describe("the keys of a lookup", () => {
	const find = (found: unknown) => createKeyFinder(async () => found as never, "githubApp")("7", undefined);

	it.each([null, undefined, []])("%j are those of nobody", async (found) => {
		await expectRefusal(() => find(found), "token/issuer-unknown");
	});

	it("may be none with a kid, if the issuer is known", async () => {
		expect(await createKeyFinder(async () => [], "githubApp")("7", "kid")).toEqual([]);
	});

	it("may be sixteen, and not more", async () => {
		expect(await find(Array(16).fill(RSA_KEYS.publicKey))).toHaveLength(16);
		const error = await expectRefusal(() => find(Array(17).fill(RSA_KEYS.publicKey)), "config/invalid-option");
		expect(error.details).toEqual({ option: "keys" });
	});

	it("that can't be read are an error with the reason", async () => {
		for (const key of ["text", {}, [RSA_KEYS.publicKey, "text"]]) {
			const error = await expectRefusal(() => find(key), ["key/unrecognized", "key/malformed"]);
			expect(error.message).toMatch(/^the lookup's result: ./);
			expect(error.cause).toBeInstanceOf(KeyError);
		}
	});
});
