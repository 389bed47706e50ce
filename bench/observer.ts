/**
 * What an observer costs per verification: of an organization's token, and of a kind that needs no cryptography, so
 * that only the verifier's own work remains. The ratios matter, not the numbers.
 * @module
 */
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { bench, run, summary } from "mitata";
import { createVerifier, orgid } from "orgpass";
import type { Observer } from "orgpass/observe";
import { createOpenTelemetryObserver } from "orgpass/observe/opentelemetry";
import { createPrometheusObserver } from "orgpass/observe/prometheus";
import { startTestNetwork } from "orgpass/testing";
import type { Profile } from "orgpass/tokens";
import { Registry } from "prom-client";

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const token = await airline.minter({ audience: hotel.did }).mint({ scope: "book" });

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let spans = 0;

const observers: Readonly<Record<string, Observer | undefined>> = {
	"no observer": undefined,
	"an observer that does nothing": async (run) => void (await run()),
	Prometheus: createPrometheusObserver({ register: new Registry() }),
	"OpenTelemetry, spans in memory": async (run, started) => {
		// The exporter keeps all spans.
		if (++spans % 10_000 === 0) exporter.reset();
		return tracing(run, started);
	},
};
const tracing = createOpenTelemetryObserver({ tracer: provider.getTracer("bench") });

const free: Profile = {
	name: "free",
	recognizes: () => true,
	parseIssuer: () => ({
		issuer: "anyone",
		signer: "anyone",
		resolve: async () => ({ findSigner: async () => "anyone" }),
	}),
	verifyClaims: () => ({ expiresAt: undefined, scopes: [] }),
};

const profiles = { orgid: orgid({ audience: hotel.did, resolver: network.resolver }), free };
for (const [kind, profile] of Object.entries(profiles)) {
	summary(() => {
		for (const [name, observer] of Object.entries(observers)) {
			const verifier = createVerifier({ profiles: [profile], observer, now: network.now });
			bench(`${kind}: ${name}`, () => verifier.verify(token));
		}
	});
}

await run();
await network.close();
