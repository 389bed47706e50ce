/**
 * Traces with OpenTelemetry: a span for each operation, nested by the context manager that the server registered.
 * @module
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import * as v from "valibot";
import { assertOptions } from "../options/assert-options.js";
import { objectWith, optionsSchema } from "../options/schemas.js";
import type { FinishedOperation, Observer, StartedOperation } from "./observer.js";

/** Options of {@link createOpenTelemetryObserver}. */
export interface OpenTelemetryOptions {
	/** The tracer; by default the one named `orgpass` of the globally registered provider. */
	readonly tracer?: Tracer | undefined;
}

/** `error.type` of errors without a code, in OpenTelemetry's semantic conventions. */
const OTHER_ERROR = "_OTHER";

const REQUESTS: ReadonlySet<string> = new Set<StartedOperation["operation"]>(["document", "rpc", "jwks"]);

/** The attribute of each member of an operation: the conventions' if there is one. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
	outcome: "orgpass.outcome",
	profile: "orgpass.profile",
	issuer: "orgpass.issuer",
	claimedIssuer: "orgpass.claimed_issuer",
	did: "orgpass.did",
	cache: "orgpass.cache",
	code: "error.type",
	status: "http.response.status_code",
	httpStatus: "http.response.status_code",
	receivedBytes: "http.response.body.size",
	sentBytes: "http.request.body.size",
	errno: "orgpass.errno",
	method: "rpc.method",
	calls: "orgpass.rpc.calls",
	chainId: "orgpass.chain_id",
	events: "orgpass.watch.events",
	blockNumber: "orgpass.watch.block_number",
	behindBlocks: "orgpass.watch.behind_blocks",
	behindSeconds: "orgpass.watch.behind_seconds",
};

const schema = optionsSchema<OpenTelemetryOptions>({ tracer: v.optional(objectWith("startActiveSpan")) });

/**
 * Creates an observer that traces with `@opentelemetry/api`: a verification's span contains those of the resolutions,
 * documents and requests that it started. Spans nest if the server registered a context manager, as OpenTelemetry's
 * Node.js SDK does.
 *
 * @example
 * ```ts
 * import { createOpenTelemetryObserver } from "orgpass/observe/opentelemetry";
 * import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
 *
 * const observer = createOpenTelemetryObserver();
 * const networks = [{ chainId: 100, rpcUrl: "https://rpc.example", registry: `0x${"5e".repeat(20)}` }];
 * const resolver = createOrgIdResolver({ networks, observer });
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], observer });
 * ```
 * @param options the tracer
 * @returns the observer
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see https://opentelemetry.io/docs/specs/semconv/
 */
export function createOpenTelemetryObserver(options: OpenTelemetryOptions = {}): Observer {
	assertOptions(schema, options, "createOpenTelemetryObserver");
	const { tracer = trace.getTracer("orgpass") } = options;
	return (run, started) => {
		const kind = REQUESTS.has(started.operation) ? SpanKind.CLIENT : SpanKind.INTERNAL;
		const attributes = toAttributes(started);
		return tracer.startActiveSpan(nameOf(started), { kind, attributes }, async (span) => endSpan(span, await run()));
	};
}

/** A call to a node has the name of its method, in line with the conventions. */
function nameOf(started: StartedOperation): string {
	return started.operation === "rpc" ? (started.method ?? "jsonrpc") : `orgpass.${started.operation}`;
}

function endSpan(span: Span, finished: FinishedOperation): void {
	const { operation, outcome, code } = finished;
	span.setAttributes(toAttributes(finished));
	if (operation === "verify") span.setAttributes(stepAttributes(finished.steps));
	if (outcome === "failed") span.setAttribute("error.type", code ?? OTHER_ERROR);
	// A refused token isn't an error of the server; a refused request is one of the client, which we are.
	if (outcome === "failed" || (outcome === "denied" && REQUESTS.has(operation))) {
		span.setStatus({ code: SpanStatusCode.ERROR });
	}
	span.end();
}

function toAttributes(operation: StartedOperation | FinishedOperation): Attributes {
	const attributes: Attributes = {};
	for (const [member, value] of Object.entries(operation)) {
		const name = ATTRIBUTES[member];
		if (name !== undefined) attributes[name] = value;
	}
	const { host, rpcCode } = operation as Partial<Pick<FinishedOperation, "host" | "rpcCode">>;
	if (rpcCode !== undefined) attributes["rpc.response.status_code"] = String(rpcCode);
	if (operation.operation === "rpc") {
		Object.assign(attributes, { "rpc.system.name": "jsonrpc", "jsonrpc.protocol.version": "2.0" });
	}
	return { ...attributes, ...serverAttributes(host) };
}

function serverAttributes(host: string | undefined): Attributes {
	if (host === undefined) return {};
	const [, address = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
	return { "server.address": address, ...(port !== undefined && { "server.port": Number(port) }) };
}

function stepAttributes(steps: Readonly<Record<string, number>>): Attributes {
	return Object.fromEntries(Object.entries(steps).map(([step, ms]) => [`orgpass.step.${step}.duration_ms`, ms]));
}
