/** Asks for the hotel's offers again and again, until it is stopped. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createOrgIdMinter, importPrivateKey } from "orgpass";
import { createOffersClient } from "./offers.ts";

const key = await importPrivateKey(await readFile(setting("KEY_FILE"), "utf8"));
const minter = createOrgIdMinter({ key, issuer: setting("ISSUER") });
const fetchOffers = createOffersClient({ minter, url: setting("HOTEL_URL"), audience: setting("HOTEL") });
const intervalMs = Number(setting("INTERVAL_SECONDS")) * 1_000;
if (!(intervalMs >= 1_000)) throw new Error("INTERVAL_SECONDS must be a number of at least 1");

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stopping.abort());
while (!stopping.signal.aborted) {
	try {
		log({ offers: await fetchOffers(AbortSignal.any([stopping.signal, AbortSignal.timeout(60_000)])) });
	} catch (error) {
		// The next attempt may succeed.
		if (!stopping.signal.aborted) log({ error: String(error), cause: causeOf(error) });
	}
	await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
}

function setting(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`the environment variable ${name} is missing`);
}

/** `fetch failed` alone doesn't say why. */
function causeOf(error: unknown): string | undefined {
	return error instanceof Error && error.cause !== undefined ? String(error.cause) : undefined;
}

function log(fields: object): void {
	console.log(JSON.stringify({ time: new Date().toISOString(), ...fields }));
}
