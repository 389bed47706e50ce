/** Metrics, read back with prom-client; the number of time series doesn't depend on what tokens contain. */
import { randomBytes } from "node:crypto";
import { type MetricObjectWithValues, type MetricValue, Registry } from "prom-client";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { TokenError } from "../../src/errors/errors.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { observe } from "../../src/observe/observe.ts";
import type { Observer } from "../../src/observe/observer.ts";
import { createPrometheusObserver } from "../../src/observe/prometheus.ts";
import type { Profile, TokenIssuer } from "../../src/tokens/token-kind.ts";
import { toSegment } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { allOrFirst, thorough } from "../support/thorough.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge();
});

let register: Registry;
let observer: Observer;
beforeEach(() => {
	register = new Registry();
	observer = createPrometheusObserver({ register });
});

type Metric = MetricObjectWithValues<MetricValue<string>>;

async function metric(name: string): Promise<Metric["values"]> {
	const metrics = (await register.getMetricsAsJSON()) as Metric[];
	return metrics.find((one) => one.name === name)?.values ?? expect.fail(`no metric ${name}`);
}

async function seriesCount(): Promise<number> {
	const metrics = (await register.getMetricsAsJSON()) as Metric[];
	return metrics.reduce((sum, { values }) => sum + values.length, 0);
}

describe("metrics", () => {
	it("count verifications by outcome, code and profile, and time them and their steps", async () => {
		const verifier = stage.verifierWith({ observer });
		await verifier.verify(token);
		await verifier.verify(token);
		await verifier.verify("a.b.c").catch(() => undefined);
		expect(await metric("orgpass_verify_total")).toEqual([
			{ value: 2, labels: { outcome: "accepted", code: "", profile: "orgid" } },
			{ value: 1, labels: { outcome: "denied", code: "token/malformed", profile: "" } },
		]);
		expect(await metric("orgpass_verify_duration_seconds")).toContainEqual(
			expect.objectContaining({
				metricName: "orgpass_verify_duration_seconds_count",
				labels: { outcome: "accepted" },
				value: 2,
			}),
		);
		expect(await metric("orgpass_verify_step_duration_seconds")).toContainEqual(
			expect.objectContaining({
				...{ metricName: "orgpass_verify_step_duration_seconds_count", labels: { step: "signature" }, value: 2 },
			}),
		);
	});

	it("count guards by status", async () => {
		const guarded = bearerAuth({ verifier: stage.verifier, observer })()(() => new Response("fine"));
		await guarded(new Request("https://hotel.example/"));
		await guarded(new Request("https://hotel.example/", { headers: { authorization: `Bearer ${token}` } }));
		expect(await metric("orgpass_guard_total")).toEqual([
			{ value: 1, labels: { outcome: "denied", code: "", status: "401" } },
			{ value: 1, labels: { outcome: "accepted", code: "", status: "" } },
		]);
	});

	it("count requests by method, look-ups by cache, and bytes", async () => {
		const rpc = { operation: "rpc", method: "eth_call", calls: 1, chainId: 1, host: "node.example" } as const;
		await observe(observer, { ...rpc }, async (facts) => {
			facts.receivedBytes = 7;
		});
		await observe(observer, { operation: "resolve" }, async (facts) => {
			facts.cache = "hit";
		});
		await observe(observer, { operation: "document", did: "did:orgid:1:0x", host: "a.example" }, async () => {});
		expect(await metric("orgpass_rpc_total")).toEqual([
			{ value: 1, labels: { outcome: "ok", code: "", method: "eth_call" } },
		]);
		expect(await metric("orgpass_resolve_total")).toEqual([
			{ value: 1, labels: { outcome: "ok", code: "", cache: "hit" } },
		]);
		expect(await metric("orgpass_document_total")).toEqual([{ value: 1, labels: { outcome: "ok", code: "" } }]);
		expect(await metric("orgpass_received_bytes_total")).toEqual([{ value: 7, labels: { operation: "rpc" } }]);
	});

	it("show by chain how far a registry's log is known", async () => {
		await observe(observer, { operation: "watch", chainId: 100 }, async (facts) => {
			Object.assign(facts, { events: 2, blockNumber: 7, behindBlocks: 3, behindSeconds: 1.5 });
		});
		await observe(observer, { operation: "watch", chainId: 1 }, async () => {});
		const chain = { chain: "100" };
		expect(await metric("orgpass_watch_behind_blocks")).toEqual([{ value: 3, labels: chain }]);
		expect(await metric("orgpass_watch_behind_seconds")).toEqual([{ value: 1.5, labels: chain }]);
		expect((await metric("orgpass_watch_total")).map(({ labels }) => labels["chain"])).toEqual(["100", "1"]);
	});

	it("are named and explained as Prometheus expects", async () => {
		await stage.verifierWith({ observer }).verify(token);
		const text = await register.metrics();
		const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]);
		const forms: Record<string, RegExp> = {
			counter: /^orgpass_[a-z_]+_total$/,
			histogram: /^orgpass_[a-z_]+_duration_seconds$/,
			gauge: /^orgpass_watch_behind_(?:blocks|seconds)$/,
		};
		expect(names).toHaveLength(18);
		for (const [name = "", type = ""] of names) expect(name).toMatch(forms[type] ?? "a type");
		expect(text.match(/^# HELP/gm)).toHaveLength(18);
	});
});

describe("T96: the number of time series is bounded", () => {
	const count = thorough(allOrFirst([10_000, 100_000]).at(-1) ?? 0, 1_000);

	it(`under ${count} tokens of random issuers`, async () => {
		const verifier = stage.verifierWith({ observer });
		await verifier.verify(token);
		await verifier.verify(tokenOf(randomIssuer())).catch(() => undefined);
		await verifier.verify(tokenOf("x")).catch(() => undefined);
		const before = await seriesCount();
		for (let at = 0; at < count; at++) {
			const issuer = at % 10 === 0 ? randomBytes(8).toString("hex") : randomIssuer();
			await verifier.verify(tokenOf(issuer)).catch(() => undefined);
		}
		expect(await seriesCount()).toBe(before);
		const counted = await metric("orgpass_verify_total");
		expect(counted.reduce((sum, { value }) => sum + value, 0)).toBe(count + 3);
		expect(counted.map(({ labels }) => labels["code"]).sort()).toEqual(["", "did/not-found", "token/issuer"]);
	});

	it("under any number of profile names and of error codes from elsewhere", async () => {
		let made = 0;
		const profile: Profile = {
			get name() {
				made += 1;
				return `kind-${made}`;
			},
			recognizes: () => true,
			parseIssuer: (): TokenIssuer => {
				throw new TokenError(`token/${randomBytes(4).toString("hex")}` as "token/issuer", "a code of its own");
			},
			verifyClaims: () => ({ expiresAt: undefined, scopes: [] }),
		};
		const verifier = createVerifier({ profiles: [profile], observer });
		for (let at = 0; at < 100; at++) await verifier.verify(token).catch(() => undefined);
		const counted = await metric("orgpass_verify_total");
		expect(counted.length).toBeLessThanOrEqual(21);
		expect(new Set(counted.map(({ labels }) => labels["code"]))).toEqual(new Set<string>(["other"]));
		expect(counted.find(({ labels }) => labels["profile"] === "other")?.value).toBeGreaterThanOrEqual(79);
	});

	it("under any methods of nodes; bugs have the code other", async () => {
		for (let at = 0; at < 100; at++) {
			const rpc = { operation: "rpc", method: `m${at}`, calls: 1, chainId: 1, host: `${at}.example` } as const;
			await observe(observer, { ...rpc }, () => Promise.reject(new Error("s3cret"))).catch(() => undefined);
		}
		const counted = await metric("orgpass_rpc_total");
		expect(counted).toHaveLength(21);
		expect(new Set(counted.map(({ labels }) => labels["code"]))).toEqual(new Set<string>(["other"]));
		expect(await register.metrics()).not.toMatch(/s3cret|example/);
	});
});

it("options that don't fit are refused", async () => {
	await expectRefusal(() => createPrometheusObserver({} as never), "config/invalid-option" satisfies ErrorCode);
	await expectRefusal(() => createPrometheusObserver({ register, prefix: "x" } as never), "config/unknown-option");
});

const HEADER = toSegment({ alg: "ES256K", typ: "JWT" });
const SIGNATURE = toSegment(new Uint8Array(64).fill(1));

function tokenOf(issuer: string): string {
	return `${HEADER}.${toSegment(stage.claims({ iss: issuer }))}.${SIGNATURE}`;
}

function randomIssuer(): string {
	return `did:orgid:31337:0x${randomBytes(32).toString("hex")}#webserver`;
}
