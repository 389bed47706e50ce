/** The process has four threads for `dns.lookup`, and a hostile name server could hold them all. */
import { expect, it, vi } from "vitest";
import { createDocumentFetcher } from "../../../src/document/fetch/fetch-document.ts";
import { startDocumentServer } from "../../support/document-server.ts";

const asked = vi.hoisted(() => [] as string[]);
vi.mock("node:dns", async (original) => ({
	...(await original<typeof import("node:dns")>()),
	lookup: (hostname: string) => void asked.push(hostname),
}));

it("T77: names of documents are looked up without dns.lookup and its threads", async () => {
	const server = await startDocumentServer();
	const url = server.serve("/org.json", "{}").replace("127.0.0.1", "localhost");
	const fetchDocument = createDocumentFetcher({ allowHttp: true, allowPrivateAddresses: true });
	expect(await fetchDocument(url)).toHaveLength(2);
	expect(asked).toEqual([]);
	await server.close();
});
