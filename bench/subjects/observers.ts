/**
 * What an observer costs.
 * @module
 */
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createVerifier, orgid } from "orgpass";
import type { Observer } from "orgpass/observe";
import { createOpenTelemetryObserver } from "orgpass/observe/opentelemetry";
import { createPrometheusObserver } from "orgpass/observe/prometheus";
import { Registry } from "prom-client";
import { createFreshContender } from "../suite/fresh-contender.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { AUDIENCE, mintTokens, startOrganizations } from "../suite/organizations.ts";
import type { Report, Settings } from "../suite/report.ts";

const ISSUERS = 10;
const POOL = 4_000;
/** The exporter keeps all spans until it is told to forget them. */
const MAX_SPANS = 10_000;
const NO_OBSERVER = "no observer";

/** Verifies fresh tokens with each observer. */
export async function measureObservers(settings: Settings): Promise<Report> {
	const size = settings.isQuick ? 2 * ISSUERS : POOL;
	const [tokens, first] = [await mintTokens(size, ISSUERS), await mintTokens(ISSUERS, ISSUERS)];
	const { resolver, close } = await startOrganizations();
	const contenders = Object.entries(createObservers()).map(([name, observer]): Contender => {
		const create = () => createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], observer });
		return createFreshContender(name, create, { tokens, first });
	});
	const rows = await measureRates(contenders, extentOf(settings, size));
	close();
	return {
		title: "Observers",
		text: `Fresh tokens of known issuers, with each of the [observers](observing.md). OpenTelemetry's spans stay in memory; an exporter
costs extra.`,
		tables: [{ id: "observers", title: "By observer", unit: "tokens/s", base: NO_OBSERVER, rows }],
	};
}

function createObservers(): Readonly<Record<string, Observer | undefined>> {
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	const exporter = new InMemorySpanExporter();
	const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
	const tracing = createOpenTelemetryObserver({ tracer: provider.getTracer("bench") });
	let operations = 0;
	return {
		[NO_OBSERVER]: undefined,
		"one that does nothing": async (run) => void (await run()),
		Prometheus: createPrometheusObserver({ register: new Registry() }),
		OpenTelemetry: async (run, started) => {
			if (++operations % MAX_SPANS === 0) exporter.reset();
			return tracing(run, started);
		},
	};
}
