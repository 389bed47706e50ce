import { beforeEach, describe, expect, it } from "vitest";
import type { OrgJson } from "../../src/document/org-json.ts";
import { createDocumentHistory, type DocumentHistory } from "../../src/resolver/document-history.ts";
import { expectRefusal } from "../support/refusal.ts";

const NOW = 1_800_000_000;
let history: DocumentHistory;
beforeEach(() => {
	history = createDocumentHistory(2, () => NOW);
});

/** A document of so many seconds ago. */
function documentOf(id: string, ago: number, deactivated = false): OrgJson {
	return { id, deactivated, updated: new Date((NOW - ago) * 1_000).toISOString() } as OrgJson;
}

describe("an organization's document", () => {
	it("may not be older than the newest one seen", async () => {
		for (const ago of [50, 20, 20]) history.assertNotOlder(documentOf("a", ago));
		const error = await expectRefusal(() => history.assertNotOlder(documentOf("a", 21)), "document/rolled-back");
		expect(error.details).toEqual({ expected: NOW - 20, actual: NOW - 21 });
		history.assertNotOlder(documentOf("b", 99));
		expect([history.newest("a"), history.newest("b"), history.newest("c")]).toEqual([NOW - 20, NOW - 99, 0]);
	});

	it("of the future doesn't make later ones old", () => {
		history.assertNotOlder(documentOf("a", 0));
		history.assertNotOlder(documentOf("a", -1));
		history.assertNotOlder(documentOf("a", 0));
		expect(history.newest("a")).toBe(NOW);
	});

	it("may not be older than one seen before by another history, which learns nothing", async () => {
		history.assertNotOlder(documentOf("a", 20));
		history.record(documentOf("a", 20, true));
		const later = createDocumentHistory(2, () => NOW, history);
		await expectRefusal(() => later.assertNotOlder(documentOf("a", 30)), "document/rolled-back");
		later.assertNotOlder(documentOf("a", 10));
		later.record(documentOf("b", 10, true));
		expect([later.newest("a"), history.newest("a")]).toEqual([NOW - 10, NOW - 20]);
		expect(["a", "b"].map(later.wasDeactivated)).toEqual([true, true]);
		expect(["a", "b"].map(history.wasDeactivated)).toEqual([true, false]);
	});

	it("deactivates the organization until another one doesn't", () => {
		expect(history.wasDeactivated("a")).toBe(false);
		history.record(documentOf("a", 0, true));
		expect(["a", "b"].map(history.wasDeactivated)).toEqual([true, false]);
		history.record(documentOf("a", 0));
		expect(history.wasDeactivated("a")).toBe(false);
	});

	it("is forgotten", () => {
		history.assertNotOlder(documentOf("a", 0));
		history.record(documentOf("a", 0, true));
		history.clear();
		expect([history.newest("a"), history.wasDeactivated("a")]).toEqual([0, false]);
	});

	it("is remembered of as many organizations as allowed", () => {
		for (const id of ["a", "b", "c"]) {
			history.assertNotOlder(documentOf(id, 0));
			history.record(documentOf(id, 0, true));
		}
		expect(["a", "b", "c"].map(history.newest)).toEqual([0, NOW, NOW]);
		expect(["a", "b", "c"].map(history.wasDeactivated)).toEqual([false, true, true]);
	});
});
