/** Host names of documents, and the addresses that they are looked up as. */
import type { LookupAddress } from "node:dns";
import { getDefaultAutoSelectFamily, type LookupFunction, setDefaultAutoSelectFamily } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createDocumentTransport } from "../../../src/document/fetch/document-transport.node.ts";
import {
	createDocumentFetcher,
	type DocumentFetcher,
	type DocumentFetchOptions,
} from "../../../src/document/fetch/fetch-document.ts";
import { useDocumentServer } from "../../support/document-server.ts";
import { expectRefusal } from "../../support/refusal.ts";

const server = useDocumentServer();
const LOOPBACK: LookupAddress = { address: "127.0.0.1", family: 4 };
const PUBLIC: LookupAddress = { address: "8.8.8.8", family: 4 };

function fetcher(lookup: LookupFunction, options: DocumentFetchOptions = {}): DocumentFetcher {
	return createDocumentFetcher({ allowHttp: true, ...options }, createDocumentTransport({ lookup }));
}

const found =
	(...addresses: LookupAddress[]): LookupFunction =>
	(_hostname, options, callback) => {
		expect(options.all).toBe(true);
		callback(null, addresses);
	};
const serve = (): string => server.serve("/org.json", "{}").replace("127.0.0.1", "docs.example.com");

it.each([
	["only a private address", [LOOPBACK]],
	["a private address besides a public one", [PUBLIC, LOOPBACK]],
])("a name with %s is refused before a request is sent", async (_what, addresses) => {
	const url = serve();
	const before = server.requests();
	const error = await expectRefusal(() => fetcher(found(...addresses))(url), "document/address-refused");
	expect(error.details).toEqual({ host: "docs.example.com", address: "127.0.0.1" });
	expect(server.requests()).toBe(before);
});

it.each([true, false])(
	"a private address is asked if that is allowed (several addresses at once: %o)",
	async (several) => {
		const usual = getDefaultAutoSelectFamily();
		onTestFinished(() => setDefaultAutoSelectFamily(usual));
		setDefaultAutoSelectFamily(several);
		const fetchDocument = fetcher(found(LOOPBACK), { allowPrivateAddresses: true });
		expect(await fetchDocument(serve())).toHaveLength(2);
	},
);

it("a name without addresses, or with something else, is an outage", async () => {
	for (const lookup of [
		found(),
		((_hostname, _options, callback) => callback(null, "127.0.0.1", 4)) as LookupFunction,
	]) {
		const fetchDocument = fetcher(lookup, { allowPrivateAddresses: true });
		const error = await expectRefusal(() => fetchDocument(serve()), "document/unreachable");
		expect(error.details).toMatchObject({ errno: "ENODATA" });
	}
});

it("a name that can't be looked up is an outage with the cause", async () => {
	const failure = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
	const fetchDocument = fetcher((_hostname, _options, callback) => callback(failure, []));
	const error = await expectRefusal(() => fetchDocument(serve()), "document/unreachable");
	expect(error.details).toMatchObject({ errno: "ENOTFOUND" });
});

it("names that are never answered don't hold up the others of their domain", async () => {
	let isDown = true;
	const transport = createDocumentTransport({
		lookup(_hostname, _options, callback) {
			if (!isDown) callback(null, [LOOPBACK]);
		},
	});
	const options = { allowHttp: true, allowPrivateAddresses: true };
	const hasty = createDocumentFetcher({ ...options, timeoutSeconds: 0.01 }, transport);
	const url = serve();
	const names = Array.from({ length: 8 }, (_, at) => url.replace("docs", `docs${at}`));
	await Promise.all(names.map((name) => expectRefusal(() => hasty(name), "document/unreachable")));
	isDown = false;
	expect(await createDocumentFetcher(options, transport)(url)).toHaveLength(2);
});
