/** What anybody who can write to Redis can do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSeal } from "../../../src/resolver/sharing/seal.ts";
import {
	didOf,
	type Instance,
	keyOf,
	orgIdOf,
	REGISTRY,
	SECRET,
	type SharedStage,
	startSharedStage,
} from "../../support/shared-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

const SOON = { interval: 2, timeout: 60_000 };
const CHANNEL = "orgpass:records:";

const KEY = { fragment: "webserver", publicKeyHex: `0x04${"0a".repeat(64)}`, validFrom: 0, validUntil: 0, addedAt: 1 };

interface Stored {
	readAt: number;
	ageMs: number;
	keptMs: number;
	record: Record<string, unknown> | null;
}

describeWithTool("T97: a stranger in Redis", "redis-server", ["--version"], () => {
	let stage: SharedStage;
	let last = 0;
	beforeAll(async () => {
		stage = await startSharedStage();
	});
	beforeEach(() => {
		stage.lookups.length = 0;
	});
	afterAll(() => stage.close());

	/** An organization without keys, so that `webserver` is accepted only if somebody lies. */
	function cold(): { did: string; context: string; honest: Stored } {
		last += 1;
		const [did, orgId] = [didOf(last), orgIdOf(last)];
		stage.keys.set(orgId, []);
		const record = {
			did,
			kind: "counted",
			documentEvidence: "hash",
			chainId: 31337,
			registry: REGISTRY,
			orgId,
			owner: "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A",
			active: true,
			keys: [stage.webserver],
			blockNumber: 100,
		};
		const context = `orgpass:record:1:${did}@${REGISTRY}@latest`;
		return { did, context, honest: { readAt: stage.clock.seconds, ageMs: 0, keptMs: 60_000, record } };
	}

	async function verdict(instance: Instance, did: string, text: string): Promise<string> {
		await instance.client.set(keyOf(did), text, { PX: 60_000 });
		const { didDocument } = await instance.resolver.resolve(did);
		return String(didDocument?.verificationMethod?.some(({ id }) => id.endsWith("#webserver")));
	}

	const FORGERIES: readonly (readonly [string, (stored: Stored) => unknown])[] = [
		["that isn't an object", () => "text"],
		["without a record", ({ record: _, ...stored }) => stored],
		["with a member too many", (stored) => ({ ...stored, more: 1 })],
		["of another organization", (stored) => withRecord(stored, { did: didOf(999), orgId: orgIdOf(999) })],
		["with another id", (stored) => withRecord(stored, { orgId: orgIdOf(999) })],
		["of another chain", (stored) => withRecord(stored, { chainId: 1 })],
		["of another registry", (stored) => withRecord(stored, { registry: `0x${"5f".repeat(20)}` })],
		["whose keys are text", (stored) => withRecord(stored, { keys: "webserver" })],
		["without an owner", (stored) => withRecord(stored, { owner: undefined })],
		["with a key listed twice", (stored) => withRecord(stored, { keys: [stage.webserver, stage.webserver] })],
		["with a revoked key", (stored) => withRecord(stored, { keys: [{ ...stage.webserver, revokedAt: 5 }] })],
		[
			"with a key of another format",
			(stored) => withRecord(stored, { keys: [{ ...stage.webserver, publicKeyHex: "0x" }] }),
		],
		["of a block that is no number", (stored) => withRecord(stored, { blockNumber: "100" })],
		["of the future", (stored) => ({ ...stored, readAt: stored.readAt + 3_600 })],
		["that is too old", (stored) => ({ ...stored, readAt: stored.readAt - 60 })],
		["that was too old when it was stored", (stored) => ({ ...stored, ageMs: 60_000 })],
	];

	describe.each([
		["with a secret, in which even an honest", SECRET, "false"],
		["without a secret, in which an honest", false, "true"],
	] as const)("%s record of theirs", (_, secret, honestVerdict) => {
		let instance: Instance;
		beforeAll(async () => {
			instance = await stage.instance({ secret });
		});

		it(`counts: ${honestVerdict}`, async () => {
			const { did, honest } = cold();
			expect(await verdict(instance, did, `.${JSON.stringify(honest)}`)).toBe(honestVerdict);
			expect(stage.lookups).toHaveLength(honestVerdict === "true" ? 0 : 1);
		});

		it.each(FORGERIES)("is not used if it is one %s", async (_what, forge) => {
			const { did, context, honest } = cold();
			const text = createSeal(secret).close(context, JSON.stringify(forge(honest)));
			expect(await verdict(instance, did, text)).toBe("false");
			expect(stage.lookups).toHaveLength(1);
		});

		it("is not used if it is cut off, huge, of another type or of an earlier block", async () => {
			const seal = createSeal(secret);
			const { did, context, honest } = cold();
			const text = seal.close(context, JSON.stringify(honest));
			expect(await verdict(instance, did, text.slice(0, -1))).toBe("false");
			const huge = cold();
			const uris = ["x".repeat(2 ** 20)];
			const long = seal.close(huge.context, JSON.stringify(withRecord(huge.honest, { document: { uris } })));
			expect(await verdict(instance, huge.did, long)).toBe("false");
			const list = cold();
			await instance.client.lPush(keyOf(list.did), "x");
			expect(await instance.code(list.did)).toBe("ok");
			stage.chain.block = 200;
			const early = cold();
			await instance.resolver.resolve(early.did);
			stage.clock.seconds += 61;
			early.honest.readAt = stage.clock.seconds;
			expect(await verdict(instance, early.did, seal.close(early.context, JSON.stringify(early.honest)))).toBe("false");
			stage.chain.block = 100;
		});

		it("isn't used if it is an absence of an organization that was seen", async () => {
			const { did, context, honest } = cold();
			await instance.resolver.resolve(did);
			stage.clock.seconds += 61;
			const absence = { ...honest, readAt: stage.clock.seconds, record: null };
			await instance.client.set(keyOf(did), createSeal(secret).close(context, JSON.stringify(absence)), { PX: 5_000 });
			expect(await instance.code(did)).toBe("ok");
		});
	});

	describe("with a secret", () => {
		let instance: Instance;
		beforeAll(async () => {
			instance = await stage.instance();
		});

		it.each<[string, (context: string, text: string) => string]>([
			["another secret", (context, text) => createSeal("another secret, which is long enough").close(context, text)],
			["the authentication of another organization", (_, text) => createSeal(SECRET).close("orgpass:record:1:x", text)],
			["an empty authentication", (_, text) => `.${text}`],
			["a changed text", (context, text) => createSeal(SECRET).close(context, text).replace("100", "101")],
		])("a record with %s isn't used", async (_, forge) => {
			const { did, context, honest } = cold();
			expect(await verdict(instance, did, forge(context, JSON.stringify(honest)))).toBe("false");
		});

		it("an authentic record that is stored again later is too old, however long Redis claims to keep it", async () => {
			const { did, context, honest } = cold();
			const text = createSeal(SECRET).close(context, JSON.stringify(honest));
			expect(await verdict(instance, did, text)).toBe("true");
			stage.clock.seconds += 60;
			expect(await verdict(instance, did, text)).toBe("false");
		});

		it("messages without its authentication do nothing", async () => {
			const { did } = cold();
			await instance.resolver.resolve(did);
			const key = `${did}@${REGISTRY}@latest`;
			const message = { type: "changed", key, minBlock: 2 ** 40, from: "0a".repeat(16), number: 1 };
			for (const text of [JSON.stringify(message), `.${JSON.stringify(message)}`, "", ".", "x".repeat(10_000)]) {
				await instance.client.publish(CHANNEL, text);
			}
			await instance.client.publish(CHANNEL, createSeal(SECRET).close("orgpass:message:1", "{}"));
			await instance.resolver.resolve(did);
			stage.clock.seconds += 61;
			await instance.client.del(keyOf(did));
			expect(await instance.code(did)).toBe("ok");
			expect(stage.lookups).toHaveLength(2);
		});
	});

	describe("without a secret, a message", () => {
		it.each([
			["of a huge block", { type: "changed", minBlock: 2 ** 40 }],
			["of a revoked key", { type: "revoked", revokedKey: { ...KEY, revokedAt: 5 } }],
		])("%s makes instances read again, and decides nothing", async (_, message) => {
			const instance = await stage.instance({ secret: false });
			const { did } = cold();
			stage.keys.delete(orgIdOf(last));
			expect(await instance.code(did, "webserver")).toBe("ok");
			const key = `${did}@${REGISTRY}@latest`;
			await instance.client.publish(
				CHANNEL,
				`.${JSON.stringify({ ...message, key, from: "0b".repeat(16), number: 1 })}`,
			);
			await expect
				.poll(async () => {
					await instance.client.del(keyOf(did));
					expect(await instance.code(did, "webserver")).toBe("ok");
					return stage.lookups.length;
				}, SOON)
				.toBe(2);
		});
	});
});

function withRecord(stored: Stored, changes: object): object {
	return { ...stored, record: { ...stored.record, ...changes } };
}
