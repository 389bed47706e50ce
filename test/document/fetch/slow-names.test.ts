/** The process has four threads for names, however many resolvers it has. */
import { expect, it, vi } from "vitest";
import { createDocumentFetcher } from "../../../src/document/fetch/fetch-document.ts";
import { codeOf } from "../../support/document-stage.ts";

const asked = vi.hoisted(() => [] as string[]);
vi.mock("node:dns", async (original) => ({
	...(await original<typeof import("node:dns")>()),
	lookup: (hostname: string) => void asked.push(hostname),
}));

it("T44: unanswered DNS look-ups hold at most two threads across all fetchers", async () => {
	const fetchers = [1, 2, 3].map(() => createDocumentFetcher({ timeoutSeconds: 0.1 }));
	const codes = fetchers.map((fetchDocument, i) => codeOf(fetchDocument(`https://slow-${i}.example/`)));
	expect(await Promise.all(codes)).toEqual(Array(3).fill("document/unreachable"));
	expect(asked).toEqual(["slow-0.example", "slow-1.example"]);
});
