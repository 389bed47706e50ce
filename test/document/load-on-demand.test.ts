import { expect, it } from "vitest";
import { importWithoutChunks } from "../support/page-without-chunks.ts";

it("a page that can't load what fetches documents reports an outage", async () => {
	const page = await importWithoutChunks<PageModule>("src/document/fetch/fetch-document.ts");
	const fetchDocument = page.createDocumentFetcher({ allowData: true });
	await expect(fetchDocument("data:application/json,{}")).rejects.toMatchObject({ code: "document/unreachable" });
});

type PageModule = typeof import("../../src/document/fetch/fetch-document.ts");
