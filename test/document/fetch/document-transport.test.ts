import { beforeAll, describe, expect, it } from "vitest";
import { createDocumentTransport } from "../../../src/document/fetch/document-transport.ts";
import { createDocumentFetcher, type DocumentFetcher } from "../../../src/document/fetch/fetch-document.ts";
import { useDocumentServer } from "../../support/document-server.ts";
import { useRawServer } from "../../support/raw-server.ts";
import { expectRefusal } from "../../support/refusal.ts";

const server = useDocumentServer();
const raw = useRawServer();
let fetchDocument: DocumentFetcher;
let hasty: DocumentFetcher;
beforeAll(() => {
	const options = { allowHttp: true, allowPrivateAddresses: true, maxBytes: 1_000 };
	fetchDocument = createDocumentFetcher(options, createDocumentTransport());
	hasty = createDocumentFetcher({ ...options, timeoutSeconds: 0.4 }, createDocumentTransport());
});

describe("the fetch-based transport", () => {
	it("fetches a document without credentials or referrer", async () => {
		raw.requests.length = 0;
		raw.answer = (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
		expect(await fetchDocument(raw.url)).toEqual(new TextEncoder().encode("{}"));
		expect(raw.requests[0]).toMatch(/^GET \/ HTTP\/1.1\r\n/);
		expect(raw.requests[0]).not.toMatch(/\r\n(?:cookie|authorization|referer):/i);
	});

	it("rejects a 204 response as a document", async () => {
		expect(await fetchDocument(server.serve("/empty", ""))).toHaveLength(0);
		await expectRefusal(() => fetchDocument(server.serve("/204", "", { status: 204 })), "document/unreachable");
	});

	it("doesn't follow redirects", async () => {
		const there = server.serve("/there", "{}");
		const url = server.serve("/redirect", "", { status: 302, headers: { location: there } });
		const error = await expectRefusal(() => fetchDocument(url), "document/unreachable");
		expect(error.message).toMatch(/redirects, which isn't followed/);
		expect(error.details).toEqual({ host: new URL(url).host, status: 302 });
		expect(server.requests("/there")).toBe(0);
		raw.answer = (socket) => socket.write("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 9\r\n\r\n");
		await expectRefusal(() => fetchDocument(raw.url), "document/unreachable");
		await raw.allClosed();
	});

	it("aborts a body above the limit, and one that never ends", async () => {
		await expectRefusal(() => fetchDocument(server.serve("/big", "a".repeat(1_001))), "document/too-large");
		raw.answer = (socket) => {
			socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
			const drip = (): unknown => socket.write("400\r\n".padEnd(1_029, "a").concat("\r\n"), (error) => error ?? drip());
			drip();
		};
		await expectRefusal(() => fetchDocument(raw.url), "document/too-large");
		raw.answer = (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n{");
		await expectRefusal(() => hasty(raw.url), "document/unreachable");
		await raw.allClosed();
	});

	it("checks address literals before sending a request", async () => {
		const strict = createDocumentFetcher({ allowHttp: true }, createDocumentTransport());
		const before = raw.accepted();
		await expectRefusal(() => strict(raw.url), "document/address-refused");
		expect(raw.accepted()).toBe(before);
	});

	it("names host and errno of a host that can't be reached", async () => {
		const fetching = () => fetchDocument("http://127.0.0.1:2/");
		const { details, message } = await expectRefusal(fetching, "document/unreachable");
		expect(details).toEqual({ host: "127.0.0.1:2", errno: "ECONNREFUSED" });
		expect(message).toMatch(/refused the connection \(ECONNREFUSED\)$/);
	});
});
