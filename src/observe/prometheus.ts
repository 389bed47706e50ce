/**
 * Metrics for Prometheus. The number of time series is bounded, whatever tokens and hosts contain: no label has the name
 * of an issuer or of a host.
 * @module
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { ERROR_CODES } from "../errors/codes.js";
import { assertOptions } from "../options/assert-options.js";
import { objectWith, optionsSchema } from "../options/schemas.js";
import type { FinishedOperation, Observer } from "./observer.js";

/** Options of {@link createPrometheusObserver}. */
export interface PrometheusOptions {
	/** The registry of prom-client that the metrics are added to. */
	readonly register: Registry;
}

type Operation = FinishedOperation["operation"];
type Labels = Readonly<Record<string, string>>;

/** Instead of values that are unknown, or too many. */
const OTHER = "other";
/** Profiles and JSON-RPC methods have no fixed list. */
const MAX_NAMES = 20;
/** In seconds: from a cached verification to the longest time limits. */
const BUCKETS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** What is counted, and the labels besides `outcome` and `code`. */
const OPERATIONS: Readonly<Record<Operation, readonly [help: string, labels: readonly string[]]>> = {
	guard: ["Decisions about HTTP requests", ["status"]],
	verify: ["Verified tokens", ["profile"]],
	resolve: ["Resolved DIDs", ["cache"]],
	document: ["Fetched documents of organizations", []],
	rpc: ["Requests to RPC nodes", ["method"]],
	watch: ["Reads of registries' logs", ["chain"]],
	jwks: ["Fetched JWK Sets", []],
};

const schema = optionsSchema<PrometheusOptions>({ register: objectWith("registerMetric") });

/**
 * Creates an observer that counts and times operations with `prom-client`. Create one for each registry of metrics, and
 * pass it to everything that takes an observer.
 *
 * @example
 * ```ts
 * import { Registry } from "prom-client";
 * import { createPrometheusObserver } from "orgpass/observe/prometheus";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const register = new Registry();
 * const observer = createPrometheusObserver({ register });
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], observer });
 * await verifier.verify("a.b.c").catch(() => undefined);
 * const metrics = await register.metrics();
 * metrics.includes('orgpass_verify_total{outcome="denied",code="token/malformed",profile=""} 1'); // => true
 * ```
 * @param options the registry of metrics
 * @returns the observer
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createPrometheusObserver(options: PrometheusOptions): Observer {
	assertOptions(schema, options, "createPrometheusObserver");
	const registers = [options.register];
	const [profileOf, methodOf] = [limitNames(), limitNames()];
	const names = Object.keys(OPERATIONS) as Operation[];
	const metrics = new Map(names.map((name) => [name, createMetrics(name)]));
	const steps = new Histogram({
		name: "orgpass_verify_step_duration_seconds",
		help: "Duration of the steps of verifications",
		labelNames: ["step"],
		buckets: BUCKETS,
		registers,
	});
	const received = new Counter({
		name: "orgpass_received_bytes_total",
		help: "Bytes received from RPC nodes and other hosts",
		labelNames: ["operation"],
		registers,
	});
	const [behindBlocks, behindSeconds] = [
		createLag("blocks", "Blocks after the last one up to which a registry's log is known"),
		createLag("seconds", "Time since a registry's log was last known up to the latest block"),
	];
	return async (run) => record(await run());

	function createMetrics(operation: Operation): (labels: Labels, seconds: number) => void {
		const [help, labels] = OPERATIONS[operation];
		const labelNames = ["outcome", "code", ...labels];
		const total = new Counter({ name: `orgpass_${operation}_total`, help, labelNames, registers });
		const durations = new Histogram({
			name: `orgpass_${operation}_duration_seconds`,
			help: `${help}: duration`,
			labelNames: ["outcome"],
			buckets: BUCKETS,
			registers,
		});
		return (values, seconds) => {
			total.inc(values);
			durations.observe({ outcome: values["outcome"] as string }, seconds);
		};
	}

	function createLag(unit: string, help: string): Gauge {
		return new Gauge({ name: `orgpass_watch_behind_${unit}`, help, labelNames: ["chain"], registers });
	}

	function record(finished: FinishedOperation): void {
		const { operation, outcome, durationMs } = finished;
		const labels = { outcome, code: codeOf(finished), ...labelsOf(finished) };
		metrics.get(operation)?.(labels, durationMs / 1_000);
		if (operation === "verify") {
			for (const [step, ms] of Object.entries(finished.steps)) steps.observe({ step }, ms / 1_000);
		}
		if (operation === "watch") {
			const chain = String(finished.chainId);
			if (finished.behindBlocks !== undefined) behindBlocks.set({ chain }, finished.behindBlocks);
			if (finished.behindSeconds !== undefined) behindSeconds.set({ chain }, finished.behindSeconds);
		}
		if ("receivedBytes" in finished) received.inc({ operation }, finished.receivedBytes);
	}

	/** An empty label is the same as none. */
	function labelsOf(finished: FinishedOperation): Labels {
		if (finished.operation === "guard") return { status: String(finished.status ?? "") };
		if (finished.operation === "verify") return { profile: profileOf(finished.profile) };
		if (finished.operation === "watch") return { chain: String(finished.chainId) };
		if (finished.operation === "resolve") return { cache: finished.cache ?? "" };
		return finished.operation === "rpc" ? { method: methodOf(finished.method) } : {};
	}
}

/** Errors of another installed version of orgpass may have other codes; bugs have none. */
function codeOf({ outcome, code }: FinishedOperation): string {
	if (code === undefined) return outcome === "failed" ? OTHER : "";
	return Object.hasOwn(ERROR_CODES, code) ? code : OTHER;
}

/** Returns a function that passes on the first names, and replaces all others. */
function limitNames(): (name: string | undefined) => string {
	const known = new Set<string>();
	return (name = "") => {
		if (known.size < MAX_NAMES) known.add(name);
		return known.has(name) ? name : OTHER;
	};
}
