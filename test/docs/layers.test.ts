import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LAYERS } from "../../scripts/layers.ts";
import { root } from "../../scripts/sources.ts";

/** The name of a place in the pictures: `src/auth` is `auth`, `src` the entry points. */
function labelOf(place: string): string {
	if (place === "src") return "src/*.ts";
	return place.startsWith("src/") ? place.slice("src/".length) : `${place}/`;
}

/** What each match has captured. */
function captures(text: string, pattern: RegExp): string[] {
	return [...text.matchAll(pattern)].map(([, captured = ""]) => captured);
}

it("the diagram shows the layers that are checked, the highest first", () => {
	const diagram = readFileSync(join(root, "docs/diagrams/layers.svg"), "utf8");
	const drawn = captures(diagram, /<g class="layer">([\s\S]*?)<\/g>/g);
	const expected = LAYERS.map((places, number) => [String(number), ...places.map(labelOf)]).toReversed();
	expect(drawn.map((layer) => captures(layer, /class="[^"]*\b(?:number|place)\b[^"]*"[^>]*>([^<]*)</g))).toEqual(
		expected,
	);
	const described = expected.map(([number, ...places]) => `${number} ${places.join(", ")}`).join("; ");
	expect(diagram).toContain(`From the top: ${described}.</desc>`);
});

it("ARCHITECTURE.md lists the layers that are checked", () => {
	const table = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
	const rows = [...table.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(([, number, folders = ""]) => ({
		number,
		folders,
	}));
	const listed = LAYERS.map((_, layer) =>
		rows.filter(({ number }) => number === String(layer)).flatMap(({ folders }) => captures(folders, /`([^`]+)`/g)),
	);
	expect(listed).toEqual(LAYERS.map((places) => places.map((place) => (place === "src" ? "src/*.ts" : `${place}/`))));
});
