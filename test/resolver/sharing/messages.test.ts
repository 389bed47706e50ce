import { beforeEach, describe, expect, it } from "vitest";
import { createMessages, type Message, type Messages, type News } from "../../../src/resolver/sharing/messages.ts";
import { createSeal } from "../../../src/resolver/sharing/seal.ts";
import { keyOf } from "../../support/memory-organizations.ts";
import { SECRET } from "../../support/shared-stage.ts";

const CONTEXT = "orgpass:message:1";
const FROM = "0a".repeat(16);
const seal = createSeal(SECRET);
const revokedKey = keyOf("a", { revokedAt: 5 });

let received: Message[];
let gaps: number;
let texts: string[];
let isDown: boolean;
let instance: Messages;
beforeEach(() => {
	received = [];
	gaps = 0;
	texts = [];
	isDown = false;
	instance = create();
});

function create(secret: string | false = SECRET): Messages {
	return createMessages({
		seal: createSeal(secret),
		async publish(text) {
			texts.push(text);
			return !isDown;
		},
		onMessage: (message) => void received.push(message),
		onGap() {
			gaps += 1;
		},
	});
}

/** What the others receive. */
function textsOf(send: (other: Messages) => void): string[] {
	texts = [];
	send(create());
	return texts;
}

function receive(message: unknown, context = CONTEXT): void {
	instance.receive(seal.close(context, typeof message === "string" ? message : JSON.stringify(message)));
}

describe("instances", () => {
	it.each<News>([
		{ type: "changed", key: "k", minBlock: 5 },
		{ type: "changed", key: "k" },
		{ type: "revoked", key: "k", revokedKey },
		{ type: "reset" },
		{ type: "lost" },
	])("hear each other's news once: $type", (news) => {
		const [text = ""] = textsOf((other) => other.tell(news));
		for (let i = 0; i < 2; i++) instance.receive(text);
		expect(received).toEqual([{ ...news, from: expect.stringMatching(/^[\da-f]{32}$/), number: 1 }]);
		expect(gaps).toBe(0);
	});

	it.each(["stored", "failed"] as const)("wake each other up as often as they want: %s", (type) => {
		const [text = ""] = textsOf((other) => other.wakeUp({ type, key: "k" }));
		for (let i = 0; i < 2; i++) instance.receive(text);
		expect(received).toEqual([1, 2].map(() => ({ type, key: "k", from: expect.any(String) })));
	});

	it("don't hear themselves", () => {
		instance.tell({ type: "reset" });
		for (const text of texts) instance.receive(text);
		expect(received).toEqual([]);
	});

	it("notice that news was lost, or arrives too late", () => {
		const news = textsOf((other) => {
			for (const key of ["a", "b", "c", "d"]) other.tell({ type: "changed", key });
		});
		for (const at of [1, 0, 3, 2]) instance.receive(news[at] ?? "");
		expect(received).toMatchObject([{ key: "b" }, { key: "d" }]);
		expect(gaps).toBe(1);
	});

	it("with another secret, or without one, say nothing", () => {
		texts = [];
		for (const secret of ["another secret of these tests", false] as const) create(secret).tell({ type: "reset" });
		expect(texts).toHaveLength(2);
		for (const text of texts) instance.receive(text);
		receive({ from: FROM, number: 1, type: "reset" }, "orgpass:record:1");
		expect(received).toEqual([]);
	});

	it.each<unknown>([
		...["", "{", "null", "{}"],
		{ type: "reset", number: 1 },
		{ type: "reset", from: FROM },
		{ type: "reset", from: FROM, number: 0 },
		{ type: "reset", from: FROM, number: 1.5 },
		{ type: "reset", from: FROM.slice(1), number: 1 },
		{ type: "reset", from: `${FROM}0`, number: 1 },
		{ type: "reset", from: FROM.toUpperCase(), number: 1 },
		{ type: "reset", from: FROM, number: 1, key: "k" },
		{ type: "other", from: FROM, number: 1 },
		{ type: "stored", from: FROM },
		{ type: "stored", from: FROM, key: 1 },
		{ type: "stored", from: FROM, key: "k", number: 1 },
		{ type: "changed", from: FROM, number: 1 },
		{ type: "changed", from: FROM, key: "k" },
		{ type: "changed", from: FROM, key: "k", number: 1, minBlock: -1 },
		{ type: "revoked", from: FROM, key: "k", number: 1 },
		{ type: "revoked", from: FROM, key: "k", number: 1, revokedKey: keyOf("a") },
		{ type: "revoked", from: FROM, key: "k", number: 1, revokedKey: { ...revokedKey, more: 1 } },
	])("ignore what isn't a message: %j", (message) => {
		receive(message);
		expect(received).toEqual([]);
	});

	it("ignore messages of more than 4,096 characters", () => {
		const message = { from: FROM, type: "stored", key: "" };
		const left = 4_096 - JSON.stringify(message).length;
		for (const length of [left, left + 1]) receive({ ...message, key: "k".repeat(length) });
		expect(received).toMatchObject([{ key: "k".repeat(left) }]);
	});
});

describe("after an outage of the store", () => {
	const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

	it("an instance tells once that its news was lost", async () => {
		isDown = true;
		instance.tell({ type: "reset" });
		await settle();
		instance.resume();
		await settle();
		isDown = false;
		instance.resume();
		instance.resume();
		await settle();
		instance.resume();
		expect(texts).toHaveLength(3);
		const other = create();
		for (const text of texts.slice(1)) other.receive(text);
		expect(received).toMatchObject([
			{ type: "lost", number: 2 },
			{ type: "lost", number: 3 },
		]);
	});

	it("an instance that told nothing, or only what isn't news, is silent", async () => {
		isDown = true;
		instance.wakeUp({ type: "failed", key: "k" });
		await settle();
		isDown = false;
		instance.tell({ type: "reset" });
		await settle();
		instance.resume();
		expect(texts).toHaveLength(2);
	});
});
