/** Hosts of documents that are there, but don't send the document: which responses are outages, and which are decisions. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	type DocumentStage,
	LOCAL,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgid-v1", "orgid-v3"]);
});
afterAll(() => stage.close());

const pathOf = ({ url }: PublishedOrganization): string => new URL(url).pathname;

const HTML = "<!doctype html><title>Welcome</title>";

/** What a host serves instead of a document, given the document. */
type Serving = (organization: PublishedOrganization, body: Uint8Array) => void;

/** Serves with a content type or an encoding. */
const serveAs = (headers: Readonly<Record<string, string>>): Serving => {
	return (organization) => void stage.server.serve(pathOf(organization), HTML, { headers });
};

describe.each(["orgid-v1", "orgid-v3"] as const)("T52: the host of a document of an %s registry", (kind) => {
	const resolverWith = (staleIfErrorSeconds: number) => stage.resolver(kind, { cache: { staleIfErrorSeconds } });
	const verdictOf = (organization: PublishedOrganization, resolver: ReturnType<typeof resolverWith>) =>
		stage.verify(organization.mint(), resolver).then(
			({ stale }) => (stale === true ? "accepted, stale" : "accepted"),
			({ code }: { readonly code: string }) => code,
		);

	it.each<[string, Serving]>([
		...[204, 403, 503].map((status): [string, Serving] => [
			`status ${status}`,
			({ serve }) => serve(status === 204 ? "" : HTML, status),
		]),
		["an empty body", ({ serve }) => serve("")],
		["an HTML page", serveAs({ "content-type": "text/html" })],
		["an HTML page as JSON", ({ serve }) => serve(HTML)],
		["half of it", ({ serve }, body) => serve(body.subarray(0, body.length >> 1))],
		["a damaged encoding", serveAs({ "content-encoding": "gzip" })],
	])("T52: that sends %s is down: an outage, in which an earlier document can be used", async (_, fail) => {
		const organization = await stage.create(kind);
		const body = await organization.compose();
		const [cold, warm, strict] = [resolverWith(600), resolverWith(600), resolverWith(0)];
		for (const known of [warm, strict]) expect(await verdictOf(organization, known)).toBe("accepted");
		fail(organization, body);
		stage.clock.now += 60;
		expect(await verdictOf(organization, cold)).toBe("document/unreachable");
		// A document with a hash is never fetched again.
		expect(await verdictOf(organization, warm)).toBe(kind === "orgid-v3" ? "accepted, stale" : "accepted");
		expect(await verdictOf(organization, strict)).toBe(kind === "orgid-v3" ? "document/unreachable" : "accepted");
		organization.serve(body);
		stage.clock.now += 60;
		await verdictOf(organization, warm);
		for (const resolver of [cold, warm, strict]) expect(await verdictOf(organization, resolver)).toBe("accepted");
	});

	it.each<[string, Serving, RegExp]>([
		["404", ({ serve }) => serve(HTML, 404), /^document\/status$/],
		["410", ({ serve }) => serve(HTML, 410), /^document\/status$/],
		["other JSON", ({ serve }) => serve('{"error":"moved"}'), /^document\/(?:hash-mismatch|subject)$/],
		["a value", ({ serve }) => serve("null"), /^document\/(?:hash-mismatch|malformed)$/],
		["too much", ({ serve }) => serve(" ".repeat(2 ** 20 + 1)), /^document\/too-large$/],
	])(
		"T52: that sends %s has no document: the token is refused, also with staleIfErrorSeconds",
		async (_, fail, code) => {
			const organization = await stage.create(kind);
			const [cold, warm] = [resolverWith(600), resolverWith(600)];
			expect(await verdictOf(organization, warm)).toBe("accepted");
			fail(organization, await organization.compose());
			stage.clock.now += 60;
			expect(await verdictOf(organization, cold)).toMatch(code);
			if (kind === "orgid-v1") return expect(await verdictOf(organization, warm)).toBe("accepted");
			expect(await verdictOf(organization, warm)).toMatch(code);
			organization.serve("", 403);
			stage.clock.now += 60;
			expect(await verdictOf(organization, warm)).toBe("document/unreachable");
		},
	);

	it("T52: is asked once per negative TTL while it is down, however many tokens arrive", async () => {
		if (kind !== "orgid-v1") return;
		const organization = await stage.create(kind);
		const resolver = resolverWith(0);
		for (const [status, requests] of [
			[403, 1],
			[200, 2],
		] as const) {
			organization.serve(HTML, status);
			stage.clock.now += 5;
			for (let i = 0; i < 5; i++) expect(await verdictOf(organization, resolver)).toBe("document/unreachable");
			expect(stage.server.requests(pathOf(organization))).toBe(requests);
		}
	});

	it("T52: isn't to blame for what a data: URI on chain contains", async () => {
		if (kind !== "orgid-v1") return;
		const organization = await stage.create(kind, { uris: () => ["data:application/json,%7B"] });
		const resolver = stage.resolver(kind, { documents: { ...LOCAL, allowData: true } });
		expect(await verdictOf(organization, resolver)).toBe("document/hash-mismatch");
	});
});
