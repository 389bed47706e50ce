import { describe, expect, it } from "vitest";
import { formatLocalTime } from "../../inspector/time.ts";
import { toKeyPeriods } from "../../inspector/timeline/key-periods.ts";
import { createTimeScale } from "../../inspector/timeline/time-scale.ts";
import type { RegistryEvent } from "../../src/registry/log/registry-event.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;

function key(fragment: string, times: { validFrom?: number; validUntil?: number; addedAt?: number } = {}) {
	return {
		fragment,
		publicKeyHex: "0x04" as const,
		validFrom: 0,
		validUntil: 0,
		addedAt: NOW - DAY,
		revokedAt: 0,
		...times,
	};
}

function event(name: string, args: RegistryEvent["args"]): RegistryEvent {
	const position = { blockNumber: 1, blockHash: "0x1", transactionHash: "0x2", logIndex: 0 } as const;
	return { name, orgId: `0x${"0a".repeat(32)}`, args, ...position };
}

describe("the periods of keys", () => {
	it("begin when the key was added and when it is valid, and end when it isn't any more", () => {
		const keys = [
			key("endless"),
			key("early", { validFrom: NOW + DAY, validUntil: NOW + 2 * DAY }),
			key("late", { validFrom: NOW - 3 * DAY, validUntil: NOW }),
		];
		expect(toKeyPeriods(keys, [], NOW)).toMatchObject([
			{ fragment: "endless", state: "valid", addedAt: NOW - DAY, from: NOW - DAY, until: undefined },
			{ fragment: "early", state: "not-yet-valid", addedAt: NOW - DAY, from: NOW + DAY, until: NOW + 2 * DAY },
			{ fragment: "late", state: "expired", addedAt: NOW - DAY, from: NOW - DAY, until: NOW },
		]);
	});

	it("end with the revocation, also if the record doesn't know of it yet", () => {
		const events = [
			event("KeyAdded", { fragment: "api", validFrom: 0, validUntil: 0, addedAt: NOW - DAY }),
			event("KeyRevoked", { fragment: "api", revokedAt: NOW - 60 }),
		];
		const period = { fragment: "api", state: "revoked", from: NOW - DAY, until: NOW - 60, revokedAt: NOW - 60 };
		expect(toKeyPeriods([key("api")], events, NOW)).toMatchObject([period]);
		expect(toKeyPeriods([], events, NOW)).toMatchObject([period]);
	});

	it("of a revoked key aren't longer than its validity, and begin anywhere if it was added before the events", () => {
		const revoked = (fragment: string) => event("KeyRevoked", { fragment, revokedAt: NOW });
		const added = (fragment: string, validFrom: number, validUntil: number) =>
			event("KeyAdded", { fragment, validFrom, validUntil, addedAt: NOW - 3 * DAY });
		const events = [
			...[added("expired", 0, NOW - DAY), added("unused", NOW + DAY, 0)],
			...[revoked("expired"), revoked("unused"), revoked("forgotten")],
		];
		expect(toKeyPeriods([], events, NOW)).toMatchObject([
			{ fragment: "expired", from: NOW - 3 * DAY, until: NOW - DAY },
			{ fragment: "unused", from: NOW, until: NOW, addedAt: NOW - 3 * DAY },
			{ fragment: "forgotten", from: undefined, until: NOW, addedAt: undefined },
		]);
	});
});

describe("the time scale", () => {
	it("keeps the order of times, and leaves space at both ends", () => {
		const times = [-900, -30, -1, 0, 0.001, 5, 3_600, 900].map((days) => NOW + days * DAY);
		const { place } = createTimeScale(times, NOW);
		const places = times.toSorted((a, b) => a - b).map(place);
		expect(places).toEqual(places.toSorted((a, b) => a - b));
		expect(new Set(places).size).toBe(places.length);
		expect(places[0]).toBeGreaterThan(5);
		expect(places.at(-1)).toBeLessThan(95);
	});

	it("shows a token of an hour and a key of ten years at once", () => {
		const { place } = createTimeScale([NOW, NOW + 3_600, NOW + 3_650 * DAY], NOW);
		expect(place(NOW + 3_600) - place(NOW)).toBeGreaterThan(15);
	});

	it.each([[[]], [[NOW]], [[1e15, -1e15, Number.MAX_VALUE]]])("isn't stretched by %j", (times) => {
		const { place, ticks } = createTimeScale(times, NOW);
		expect(place(NOW)).toBe(50);
		expect(place(1e15)).toBe(100);
		expect(place(-1e15)).toBe(0);
		expect(ticks.map(({ label }) => label)).toContain("now");
	});

	it("has a place for as many times as a node returns", () => {
		const { place } = createTimeScale(new Array(300_000).fill(NOW + DAY), NOW);
		expect(place(NOW + DAY)).toBeGreaterThan(place(NOW));
	});

	it("has labels that don't overlap", () => {
		for (const days of [0.001, 0.1, 1, 10, 100, 1_000, 10_000]) {
			const { place, ticks } = createTimeScale([NOW - days * DAY, NOW + DAY], NOW);
			const places = ticks.map(({ time }) => place(time)).toSorted((a, b) => a - b);
			expect(places.length).toBeGreaterThan(1);
			for (const [at, next] of places.slice(1).entries())
				expect(next - (places[at] as number)).toBeGreaterThanOrEqual(15);
		}
	});
});

describe("absurd times", () => {
	const TIMES = [0, -1, -62_135_596_800, 1, NOW, 253_402_300_799, 253_402_300_800, 8.64e12, 2 ** 64, 1e308, Number.NaN];

	it("are placed on the line, and in words", () => {
		const { place, ticks } = createTimeScale(TIMES, NOW);
		for (const time of TIMES.filter((time) => !Number.isNaN(time))) {
			expect(place(time)).toBeGreaterThanOrEqual(0);
			expect(place(time)).toBeLessThanOrEqual(100);
			expect(formatLocalTime(time, NOW)).not.toMatch(/NaN|Invalid/);
		}
		expect(ticks.length).toBeGreaterThan(2);
	});

	it("of a key that was revoked before it was added, make no period that ends before it begins", () => {
		for (const revokedAt of [-1, 0, 1, NOW - DAY]) {
			const events = [
				event("KeyAdded", { fragment: "api", validFrom: NOW + DAY, validUntil: 1, addedAt: NOW }),
				event("KeyRevoked", { fragment: "api", revokedAt }),
			];
			const [period] = toKeyPeriods([], events, NOW);
			expect(period?.from).toBeLessThanOrEqual(period?.until as number);
		}
	});

	it("of a thousand keys, all revoked, are all shown as revoked", () => {
		const keys = Array.from({ length: 1_000 }, (_, at) => key(`k${at}`, { validUntil: at * DAY, validFrom: -at }));
		const events = keys.map(({ fragment }) => event("KeyRevoked", { fragment, revokedAt: 0 }));
		const periods = toKeyPeriods(keys, events, NOW);
		expect(periods).toHaveLength(1_000);
		expect(periods.every(({ state }) => state === "revoked")).toBe(true);
	});
});
