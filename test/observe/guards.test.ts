/** What the guards report, and what may be logged of a decision. */
import pino from "pino";
import { beforeAll, describe, expect, it } from "vitest";
import { limitRate } from "../../src/auth/policies/rate.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import type { Denied } from "../../src/http/denial.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import type { GuardOptions } from "../../src/http/guard.ts";
import { toLogFields } from "../../src/http/log-fields.ts";
import { recordOperations } from "../support/recording-observer.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book", secret: "s3cret" }) });
});

const down = new RegistryError("registry/unreachable", "the RPC node node.example s3cret", {
	details: { host: "node.example:8545", errno: "ECONNREFUSED", url: "s3cret" },
});
const failing = (error: Error) => ({ verify: () => Promise.reject(error) });
const ok = () => new Response("fine");
const request = (authorization?: string) =>
	new Request(
		"https://hotel.example/rooms?key=s3cret",
		authorization === undefined ? {} : { headers: { authorization } },
	);

describe("a guard", () => {
	type Expected = Readonly<Record<string, unknown>>;
	const orgid = { profile: "orgid" };
	it.each<[string, Partial<GuardOptions<Request>>, string | undefined, Expected]>([
		["a request without a token", {}, undefined, { outcome: "denied", status: 401 }],
		["a malformed header", {}, "Bearer a b", { outcome: "denied", status: 400 }],
		["an invalid token", {}, "Bearer a.b.c", { outcome: "denied", status: 401, code: "token/malformed" }],
		[
			"an outage, with the host and the error",
			{ verifier: failing(down) },
			"Bearer a.b.c",
			{
				...{ outcome: "failed", status: 503, code: "registry/unreachable" },
				...{ host: "node.example:8545", errno: "ECONNREFUSED" },
			},
		],
		["a bug", { verifier: failing(new TypeError("s3cret")) }, "Bearer a.b.c", { outcome: "failed", status: 500 }],
	])("reports %s", async (_what, options, authorization, expected) => {
		const { observer, finished } = recordOperations();
		const guarded = bearerAuth({ verifier: stage.verifier, ...options, observer })()(ok);
		expect((await guarded(request(authorization))).status).toBe(expected["status"]);
		expect(finished).toEqual([{ operation: "guard", durationMs: expect.any(Number), ...expected }]);
	});

	it("reports the issuer of a valid token, whether it is accepted or lacks a scope", async () => {
		const { observer, of } = recordOperations();
		const auth = bearerAuth({ verifier: stage.verifierWith({ observer }), observer });
		const issuer = stage.sender.did;
		await auth()(ok)(request(`Bearer ${token}`));
		await auth.requires({ scope: "pay" })(ok)(request(`Bearer ${token}`));
		await auth({ optional: true })(ok)(request());
		expect(of("guard")).toMatchObject([
			{ outcome: "accepted", ...orgid, issuer },
			{ outcome: "denied", status: 403, code: "policy/scope", issuer },
			{ outcome: "accepted" },
		]);
		expect(of("guard")[2]).not.toHaveProperty("issuer");
		expect(of("verify")).toHaveLength(2);
	});

	it("T95: responds the same if its observer throws", async () => {
		const observer = (): never => {
			throw new Error("observer");
		};
		const guarded = bearerAuth({ verifier: stage.verifier, observer })()(ok);
		expect((await guarded(request(`Bearer ${token}`))).status).toBe(200);
		expect((await guarded(request("Bearer a.b.c"))).status).toBe(401);
	});

	it("T59: contains no token, claim or URL in what it reports", async () => {
		const { observer, started, finished } = recordOperations();
		const auth = bearerAuth({ verifier: stage.verifierWith({ observer }), observer });
		await auth.requires({ scope: "pay" })(ok)(request(`Bearer ${token}`));
		await bearerAuth({ verifier: failing(down), observer })()(ok)(request(`Bearer ${token}`));
		const seen = JSON.stringify([started, finished]);
		for (const secret of ["s3cret", "hotel.example", ...token.split(".")]) expect(seen).not.toContain(secret);
	});
});

describe("T59: log fields", () => {
	/** Runs requests through a guard that logs with pino, and returns the parsed lines. */
	async function logged(options: Partial<GuardOptions<Request>>, authorization: string | undefined) {
		const lines: string[] = [];
		const logger = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
		const onDenied = (denied: Denied): void => logger.warn(toLogFields(denied), "denied");
		const auth = bearerAuth({ verifier: stage.verifier, onDenied, ...options });
		const guarded = auth.requires({ scope: "book" })((_request, verified) => {
			logger.info(toLogFields(verified), "accepted");
			return new Response("fine");
		});
		await guarded(request(authorization));
		expect(lines.join("")).not.toMatch(/s3cret|eyJ/);
		return lines.map((line) => JSON.parse(line) as unknown);
	}

	it("of an accepted token name its issuer and key, but no claims", async () => {
		const { did, issuer } = stage.sender;
		expect(await logged({}, `Bearer ${token}`)).toEqual([
			{ level: 30, msg: "accepted", outcome: "accepted", profile: "orgid", issuer: did, keyId: issuer },
		]);
	});

	it("of denials have the status and the code", async () => {
		const denied = { level: 40, msg: "denied", outcome: "denied" };
		expect(await logged({}, undefined)).toEqual([{ ...denied, status: 401 }]);
		expect(await logged({}, "Bearer a.b.c")).toEqual([{ ...denied, status: 401, code: "token/malformed" }]);
		const unscoped = `Bearer ${await stage.forge()}`;
		expect(await logged({}, unscoped)).toEqual([
			{ ...denied, status: 403, code: "policy/scope", issuer: stage.sender.did },
		]);
	});

	it("of outages name the host and what happened, of bugs only the status", async () => {
		const failed = { level: 40, msg: "denied", outcome: "failed" };
		expect(await logged({ verifier: failing(down) }, `Bearer ${token}`)).toEqual([
			{ ...failed, status: 503, code: "registry/unreachable", host: "node.example:8545", errno: "ECONNREFUSED" },
		]);
		const bug = { verifier: failing(new TypeError(`s3cret of ${token}`)) };
		expect(await logged(bug, `Bearer ${token}`)).toEqual([{ ...failed, status: 500 }]);
	});

	it("of a limit of the rate are a denial with 429", async () => {
		const policy = limitRate({ consume: () => Promise.reject({ msBeforeNext: 1_000 }) });
		const verifier = stage.verifierWith({ policies: [policy] });
		expect(await logged({ verifier }, `Bearer ${token}`)).toEqual([
			{ level: 40, msg: "denied", outcome: "denied", status: 429, code: "policy/rate" },
		]);
	});

	it("are the same for a whole decision", async () => {
		const verified = await stage.verify(token);
		expect(toLogFields({ granted: true, auth: verified })).toEqual(toLogFields(verified));
	});
});
