import { describe, expect, it } from "vitest";
import { createSeal } from "../../../src/resolver/sharing/seal.ts";
import { SECRET } from "../../support/shared-stage.ts";

describe.each([SECRET, false] as const)("a text closed with the secret %j", (secret) => {
	const seal = createSeal(secret);

	it.each(["", "text", "a.b.c", "ä\n"])("is opened in the same context: %j", (text) => {
		expect(seal.open("context", seal.close("context", text), 100)).toBe(text);
		expect(createSeal(secret).open("context", seal.close("context", text), 100)).toBe(text);
	});

	it("is opened if it isn't longer than expected", () => {
		const sealed = seal.close("context", "text");
		expect([3, 4].map((most) => seal.open("context", sealed, most))).toEqual([undefined, "text"]);
	});

	it("needs a dot, and nothing before it that doesn't belong there", () => {
		const sealed = seal.close("context", "text");
		for (const changed of ["", "text", sealed.replace(".", ""), `x${sealed}`, sealed.replace(".", "x.")]) {
			expect(seal.open("context", changed, 100)).toBeUndefined();
		}
	});

	it("is authentic only with a secret", () => {
		expect(seal.isAuthentic).toBe(secret !== false);
	});
});

describe("a text closed with a secret", () => {
	const seal = createSeal(SECRET);
	const sealed = seal.close("context", "text");

	it("isn't opened with any of its characters changed", () => {
		for (let at = 0; at < sealed.length; at++) {
			const other = sealed[at] === "A" ? "B" : "A";
			expect(seal.open("context", sealed.slice(0, at) + other + sealed.slice(at + 1), 100), String(at)).toBeUndefined();
		}
	});

	it("isn't opened in another context, with another secret, or with a part of the code", () => {
		expect(seal.open("other", sealed, 100)).toBeUndefined();
		expect(createSeal(`${SECRET}x`).open("context", sealed, 100)).toBeUndefined();
		expect(createSeal(false).open("context", sealed, 100)).toBeUndefined();
		expect(seal.open("context", sealed.slice(1), 100)).toBeUndefined();
		expect(seal.open("context", ".text", 100)).toBeUndefined();
	});

	it("isn't opened as another context and text that begin and end elsewhere", () => {
		expect(seal.open("a", seal.close("a\nb", "c").replace(/\..*$/s, ".c"), 100)).toBeUndefined();
	});
});
