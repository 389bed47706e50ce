import { describe, expect, it } from "vitest";
import { createRequestMemo } from "../../src/http/request-memo.ts";

describe("createRequestMemo", () => {
	const requests = {
		"a request": () => new Request("https://hotel.example/"),
		"a frozen request": () => Object.freeze({ url: "/" }),
		"a proxy": () => new Proxy(new Request("https://hotel.example/"), {}),
	};

	it.each(Object.entries(requests))("remembers the last value of %s", (_, create) => {
		const memo = createRequestMemo<object, number>();
		const request = create();
		expect(memo.get(request)).toBeUndefined();
		memo.set(request, 1);
		memo.set(request, 2);
		expect(memo.get(request)).toBe(2);
		expect(createRequestMemo().get(request)).toBeUndefined();
	});

	it("T61: knows nothing about copies, proxies and objects that inherit from a request", () => {
		const memo = createRequestMemo<object, string>();
		const request = { url: "/" };
		memo.set(request, "known");
		for (const other of [{ ...request }, Object.create(request), new Proxy(request, {})]) {
			expect(memo.get(other)).toBeUndefined();
		}
		const heir = Object.create(request);
		memo.set(heir, "another");
		expect([memo.get(request), memo.get(heir)]).toEqual(["known", "another"]);
	});
});
