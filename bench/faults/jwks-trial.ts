/**
 * One fault of the host of a JWK Set in one state of the verifier.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier } from "orgpass";
import { exportPublicKey, generateKeyPair } from "orgpass/keys";
import { createGitHubAppMinter, githubApp, keysFromJwks } from "orgpass/tokens";
import type { Certificates } from "./certificates.ts";
import type { Fault, State, TrialResult } from "./fault.ts";
import { startFaultyHost } from "./faulty-host.ts";
import { assertAccepted, createCounter, measure, present } from "./measure.ts";

/** The time limit of a fetch. */
const JWKS_DEADLINE_MS = 5_000;

const SHORT_SECONDS = 0.2;
const LONG_SECONDS = 600;
const APP = "12345";

export type JwksStage = Awaited<ReturnType<typeof createJwksStage>>;

/** Generates an app's keys and tokens. */
export async function createJwksStage(certificates: Certificates) {
	const [own, other] = await Promise.all([1, 2].map(() => generateKeyPair({ algorithm: "RS256" })));
	if (own === undefined || other === undefined) throw new Error("no keys");
	const jwk = { ...exportPublicKey(own.publicKey, "jwk"), kid: APP };
	return {
		certificates,
		set: JSON.stringify({ keys: [jwk] }),
		honest: await createGitHubAppMinter({ key: own.privateKey, issuer: APP }).mint(),
		forged: await createGitHubAppMinter({ key: other.privateKey, issuer: APP }).mint(),
	};
}

/** Runs a trial. Sets are fetched over https only, unless the host is this machine by name. */
export async function runJwksTrial(stage: JwksStage, fault: Fault, state: State): Promise<TrialResult> {
	const isPast = state === "past TTL" || state === "stale";
	const host = await startFaultyHost(async () => stage.set, stage.certificates);
	const keys = keysFromJwks(host.url, {
		cacheMaxAgeSeconds: isPast ? SHORT_SECONDS : LONG_SECONDS,
		staleIfErrorSeconds: state === "stale" ? LONG_SECONDS : 0,
		observer: createCounter("jwks"),
	});
	const verifier = createVerifier({ profiles: [githubApp({ keys })] });
	if (state !== "cold") await assertAccepted(verifier, stage.honest);
	await host.fail(fault);
	if (isPast) await sleep(SHORT_SECONDS * 1_000 + 1);
	const honest = await measure(verifier, stage.honest, JWKS_DEADLINE_MS);
	const forged = await present(verifier, stage.forged);
	await host.close();
	return { honest, bad: { "a forged token": forged } };
}
