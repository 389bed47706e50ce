import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createDocumentTransport } from "../../../src/document/fetch/document-transport.node.ts";
import { createDocumentFetcher } from "../../../src/document/fetch/fetch-document.ts";
import { expiredCertificate, type FailingHost, tlsHosts, UNREACHABLE_HOSTS } from "../../support/failing-hosts.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { describeWithTool } from "../../support/tools.ts";

const LOCAL = { allowHttp: true, allowPrivateAddresses: true };

async function expectDiagnosis({ start, says, details }: FailingHost): Promise<void> {
	const { url, host, close } = await start();
	const error = await expectRefusal(() => createDocumentFetcher(LOCAL)(url), "document/unreachable");
	await close();
	expect(error.message).toMatch(says);
	expect(error.message).toContain(`the document's host "${host}" `);
	expect(error.details).toEqual({ host, ...details });
	expect(error.cause).toBeInstanceOf(Error);
	expect(inspect(error, { depth: 9 })).not.toMatch(/secret/);
}

describe("a document's host that fails", () => {
	it.each(UNREACHABLE_HOSTS)("$name: the error names host, errno and cause", expectDiagnosis);
});

describeWithTool("a document's host over TLS", "openssl", ["version"], (run) => {
	it.each(tlsHosts(run))("with $name: the error says so", expectDiagnosis);

	it("with an expired certificate: the error says so", async () => {
		const { key, cert } = expiredCertificate(run);
		const server = createServer({ key, cert }, (_incoming, outgoing) => outgoing.end("{}"));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/org.json`;
		const fetchDocument = createDocumentFetcher(LOCAL, createDocumentTransport({ ca: cert }));
		const error = await expectRefusal(() => fetchDocument(url), "document/unreachable");
		server.close();
		expect(error.message).toMatch(/certificate that isn't trusted \(CERT_HAS_EXPIRED\)$/);
		expect(error.details).toEqual({ host: new URL(url).host, errno: "CERT_HAS_EXPIRED" });
	});
});
