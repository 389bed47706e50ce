/** Spans, read back from an in-memory exporter: how they nest, what they contain, and how shared reads are shown. */
import { context, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
	BasicTracerProvider,
	InMemorySpanExporter,
	type ReadableSpan,
	SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { combineObservers } from "../../src/observe/observe.ts";
import type { Observer } from "../../src/observe/observer.ts";
import { createOpenTelemetryObserver } from "../../src/observe/opentelemetry.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { type DocumentStage, type PublishedOrganization, startDocumentStage } from "../support/document-stage.ts";
import { type Recording, recordOperations } from "../support/recording-observer.ts";
import { expectRefusal } from "../support/refusal.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

let stage: DocumentStage;
let sender: PublishedOrganization;
let token: string;
let recording: Recording;
let observer: Observer;
let host: string;

beforeAll(async () => {
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	stage = await startDocumentStage(["orgpass"]);
	sender = await stage.create("orgpass", { uris: (url) => [`${url}?key=s3cret`] });
	stage.server.serve(`${new URL(sender.url).pathname}?key=s3cret`, await sender.publish());
	token = await sender.mint();
	host = new URL(stage.network.rpcUrl).host;
});
afterAll(async () => {
	context.disable();
	await stage.close();
});
beforeEach(() => {
	exporter.reset();
	recording = recordOperations();
	observer = combineObservers(createOpenTelemetryObserver({ tracer: provider.getTracer("test") }), recording.observer);
});

function verifierOf() {
	const resolver = stage.resolver("orgpass", { observer });
	const profiles = [orgid({ audience: `did:orgid:31337:0x${"0f".repeat(32)}`, resolver })];
	return {
		resolver,
		verifier: createVerifier({ profiles, observer, now: () => stage.clock.now, timeoutSeconds: 3_600 }),
	};
}

const spans = (name?: string): ReadableSpan[] =>
	exporter.getFinishedSpans().filter((span) => name === undefined || span.name === name);

/** A span's ancestors by name, itself first. */
function pathOf(span: ReadableSpan): string[] {
	const parent = spans().find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId);
	return [span.name, ...(parent === undefined ? [] : pathOf(parent))];
}

describe("the spans of a verification", () => {
	it("nest: guard, verify, resolve, then its requests and its document", async () => {
		const { verifier } = verifierOf();
		const auth = bearerAuth({ verifier, observer });
		const guarded = auth()(() => new Response("fine"));
		await guarded(new Request("https://hotel.example/?key=s3cret", { headers: { authorization: `Bearer ${token}` } }));
		const paths = spans().map((span) => pathOf(span).join(" < "));
		const above = "orgpass.resolve < orgpass.verify < orgpass.guard";
		expect(new Set(paths)).toEqual(
			new Set([
				...[`jsonrpc < ${above}`, `eth_call < ${above}`, `orgpass.document < ${above}`],
				...[above, "orgpass.verify < orgpass.guard", "orgpass.guard"],
			]),
		);
		expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
		expect(spans("orgpass.document")).toHaveLength(1);
	});

	it("have the issuer, the steps, and the conventions' attributes of requests", async () => {
		const { verifier } = verifierOf();
		await verifier.verify(token);
		const [verify, resolve, document, call] = [
			...["orgpass.verify", "orgpass.resolve", "orgpass.document", "eth_call"].map((name) => spans(name)[0]),
		] as [ReadableSpan, ReadableSpan, ReadableSpan, ReadableSpan];
		expect(verify.attributes).toMatchObject({
			...{ "orgpass.outcome": "accepted", "orgpass.profile": "orgid", "orgpass.issuer": sender.did },
			"orgpass.step.signature.duration_ms": expect.any(Number),
		});
		expect(verify.attributes).not.toHaveProperty("error.type");
		expect(verify.kind).toBe(SpanKind.INTERNAL);
		expect(resolve.attributes).toEqual({
			...{ "orgpass.outcome": "ok", "orgpass.did": sender.did, "orgpass.cache": "miss" },
		});
		expect(document.attributes).toMatchObject({
			...{ "server.address": "127.0.0.1", "server.port": Number(new URL(sender.url).port) },
			...{ "orgpass.did": sender.did, "http.response.body.size": expect.any(Number) },
		});
		expect(call.kind).toBe(SpanKind.CLIENT);
		expect(call.attributes).toMatchObject({
			...{ "rpc.system.name": "jsonrpc", "rpc.method": "eth_call", "jsonrpc.protocol.version": "2.0" },
			...{ "server.address": "127.0.0.1", "server.port": Number(host.split(":")[1]), "orgpass.chain_id": 31_337 },
		});
		expect(spans().every(({ status }) => status.code === SpanStatusCode.UNSET)).toBe(true);
		for (const secret of ["s3cret", ...token.split(".")]) {
			expect(JSON.stringify(spans().map(({ name, attributes }) => [name, attributes]))).not.toContain(secret);
		}
	});

	it("of a refused token have its code, and only outages are errors of the server", async () => {
		const { verifier } = verifierOf();
		await expectRefusal(() => verifier.verify("a.b.c"), "token/malformed");
		const [refused] = spans("orgpass.verify") as [ReadableSpan];
		expect(refused.attributes).toMatchObject({ "orgpass.outcome": "denied", "error.type": "token/malformed" });
		expect(refused.status.code).toBe(SpanStatusCode.UNSET);
		exporter.reset();
		const bug = createVerifier({
			profiles: [orgid({ audience: `did:orgid:31337:0x${"0f".repeat(32)}`, resolver: verifierOf().resolver })],
			policies: [() => Promise.reject(new TypeError("s3cret"))],
			now: () => stage.clock.now,
			observer,
		});
		await expect(bug.verify(token)).rejects.toThrow("s3cret");
		const [failed] = spans("orgpass.verify") as [ReadableSpan];
		expect(failed.attributes).toMatchObject({ "orgpass.outcome": "failed", "error.type": "_OTHER" });
		expect(failed.status).toEqual({ code: SpanStatusCode.ERROR });
	});

	it("of a document whose host fails is an error of the request, not of the verification's other spans", async () => {
		const organization = await stage.create("orgpass");
		organization.serve("{}", 500);
		const { verifier } = verifierOf();
		await expectRefusal(async () => verifier.verify(await organization.mint()), "document/unreachable");
		const [document] = spans("orgpass.document") as [ReadableSpan];
		expect(document.attributes).toMatchObject({
			"error.type": "document/unreachable",
			"http.response.status_code": 500,
		});
		expect(document.status.code).toBe(SpanStatusCode.ERROR);
	});
});

it("a read that many verifications share is one span, under the one that started it; the others say so", async () => {
	const { verifier } = verifierOf();
	await Promise.all([1, 2, 3, 4].map(() => verifier.verify(token)));
	expect(spans("orgpass.verify")).toHaveLength(4);
	expect(recording.of("resolve").map(({ cache }) => cache)).toEqual(expect.arrayContaining(["miss", "shared"]));
	expect(recording.of("resolve").filter(({ cache }) => cache === "shared")).toHaveLength(3);
	expect(spans("orgpass.document")).toHaveLength(1);
	const parents = new Set(
		[...spans("eth_call"), ...spans("orgpass.document")].map((span) => span.parentSpanContext?.spanId),
	);
	const started = spans("orgpass.resolve").find(({ attributes }) => attributes["orgpass.cache"] === "miss");
	expect([...parents]).toContain(started?.spanContext().spanId);
	exporter.reset();
	await verifier.verify(token);
	expect(spans().map(({ name }) => name)).toEqual(["orgpass.resolve", "orgpass.verify"]);
	expect(spans("orgpass.resolve")[0]?.attributes).toMatchObject({ "orgpass.cache": "hit" });
});

it("a request for several organizations is one span, under the resolution that came first", async () => {
	const { verifier } = verifierOf();
	await verifier.verify(token);
	const others = [await stage.create("orgpass"), await stage.create("orgpass")];
	const tokens = await Promise.all(others.map((other) => other.mint()));
	exporter.reset();
	await Promise.all(tokens.map((one) => verifier.verify(one)));
	const resolutions = spans("orgpass.resolve");
	expect(resolutions.map(({ attributes }) => attributes["orgpass.cache"])).toEqual(["miss", "miss"]);
	const first = resolutions.find(({ attributes }) => attributes["orgpass.did"] === others[0]?.did);
	// The second organization's read would be another span.
	const [read, next] = spans("eth_call") as [ReadableSpan, ReadableSpan?];
	expect(read.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
	expect(spans().indexOf(read)).toBe(0);
	expect(next === undefined || hrTimeToMs(next.startTime) >= hrTimeToMs(read.endTime)).toBe(true);
});

function hrTimeToMs([seconds, nanoseconds]: readonly [number, number]): number {
	return seconds * 1_000 + nanoseconds / 1_000_000;
}
