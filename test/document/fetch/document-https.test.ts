import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createDocumentTransport } from "../../../src/document/fetch/document-transport.node.ts";
import { createDocumentFetcher } from "../../../src/document/fetch/fetch-document.ts";
import { useDocumentServer } from "../../support/document-server.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { describeWithTool } from "../../support/tools.ts";

const CERTIFICATE = [
	...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
	...["-subj", "/CN=docs.example.com", "-addext", "subjectAltName=DNS:docs.example.com,IP:127.0.0.1"],
	...["-keyout", "-", "-out", "-"],
];

describeWithTool("documents over https", "openssl", ["version"], (run) => {
	let pem: string;
	let server: Server;
	const plain = useDocumentServer();
	let origin: string;
	let location = "";
	beforeAll(async () => {
		pem = run(CERTIFICATE);
		server = createServer({ key: pem, cert: pem }, (incoming, outgoing) => {
			if (incoming.url === "/org.json") outgoing.end("{}");
			else outgoing.writeHead(302, { location }).end();
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => vi.unstubAllEnvs());
	afterAll(() => {
		server.closeAllConnections();
		server.close();
	});

	/** A name that stands for the server. */
	const named = (name: string): string => origin.replace("127.0.0.1", name);
	const transport = () =>
		createDocumentTransport({
			ca: pem,
			lookup: (_hostname, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
		});

	it("are fetched from a host with a trusted certificate, by address and by name", async () => {
		const fetchDocument = createDocumentFetcher({ allowPrivateAddresses: true }, transport());
		for (const host of [origin, named("docs.example.com")]) {
			expect(await fetchDocument(`${host}/org.json`)).toEqual(new TextEncoder().encode("{}"));
		}
	});

	it("are rejected if the certificate is for another host name", async () => {
		const fetchDocument = createDocumentFetcher({ allowPrivateAddresses: true }, transport());
		const url = `${named("other.example.com")}/org.json`;
		const error = await expectRefusal(() => fetchDocument(url), "document/unreachable");
		expect(error.message).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
	});

	it("are rejected if the certificate isn't trusted, whatever the environment says", async () => {
		const fetchDocument = createDocumentFetcher({ allowPrivateAddresses: true });
		vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
		const error = await expectRefusal(() => fetchDocument(`${origin}/org.json`), "document/unreachable");
		expect(error.message).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
	});

	it("T45: a redirect from https to http is rejected, even if http is allowed", async () => {
		const before = plain.requests();
		location = plain.serve("/org.json", "{}");
		for (const allowHttp of [false, true]) {
			const fetchDocument = createDocumentFetcher({ allowPrivateAddresses: true, allowHttp }, transport());
			await expectRefusal(() => fetchDocument(`${origin}/move`), "document/redirects");
		}
		expect(plain.requests()).toBe(before);
		location = "/org.json";
		const fetchDocument = createDocumentFetcher({ allowPrivateAddresses: true }, transport());
		expect(await fetchDocument(`${origin}/move`)).toHaveLength(2);
	});
});
