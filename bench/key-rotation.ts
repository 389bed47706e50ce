/**
 * Keys that are rotated while strangers send tokens that name keys which don't exist. Prints how soon a new key is
 * accepted, and, under two minutes of load, how many good tokens are refused and bad ones accepted.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier, orgid, type Verifier } from "orgpass";
import { generateKeyPair } from "orgpass/keys";
import { createOrgIdResolver } from "orgpass/resolver";
import { startTestNetwork } from "orgpass/testing";
import { createOrgIdMinter } from "orgpass/tokens";

const TRIALS = Number(process.env["BENCH_TRIALS"] ?? 50);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 120);
const STRANGERS_PER_SECOND = 20;
const GOOD_PER_SECOND = 50;
const TTL_SECONDS = 60;

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const { chainId, rpcUrl, registry, now } = network;
const resolver = createOrgIdResolver({ networks: [{ chainId, rpcUrl, registry: registry.address }] });
const owner = registry.connect(airline.owner);
const verifier = createVerifier({ profiles: [orgid({ audience: hotel.did, resolver })], now });
const strangers = { sent: 0, accepted: 0, stop: false };

const { privateKey: forged } = await generateKeyPair();
const attack = (async () => {
	while (!strangers.stop) {
		const issuer = `${airline.did}#stranger-${strangers.sent}`;
		strangers.sent += 1;
		const token = await createOrgIdMinter({ key: forged, issuer, audience: hotel.did, now }).mint();
		if ((await codeOf(token)) === "accepted") strangers.accepted += 1;
		await sleep(1_000 / STRANGERS_PER_SECOND);
	}
})();

await sleep(1_000);
const delays: number[] = [];
for (let trial = 0; trial < TRIALS; trial++) {
	const { privateKey, publicKey } = await generateKeyPair();
	const fragment = `trial-${trial}`;
	await owner.addKey(airline.orgId, { fragment, publicKey });
	const addedAt = performance.now();
	const minter = createOrgIdMinter({ key: privateKey, issuer: `${airline.did}#${fragment}`, audience: hotel.did, now });
	while ((await codeOf(await minter.mint())) !== "accepted");
	delays.push(performance.now() - addedAt);
	await owner.revokeKey(airline.orgId, fragment);
}
delays.sort((a, b) => a - b);
const at = (share: number): string => (delays[Math.ceil(share * TRIALS) - 1] ?? Number.NaN).toFixed(0);
console.log(`${TRIALS} new keys under ${STRANGERS_PER_SECOND} strangers a second: accepted after`);
console.log(`p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${at(1)} ms`);

await load(verifier);
strangers.stop = true;
await attack;
console.log(`${strangers.accepted} of ${strangers.sent} strangers' tokens accepted`);
resolver.close();
await network.close();

/** Rotates the key every two seconds, and presents tokens of the current key and of revoked ones. */
async function load(verifier: Verifier): Promise<void> {
	const revoked: { readonly token: string; readonly at: number }[] = [];
	const good = { sent: 0, refused: new Map<string, number>() };
	let late = 0;
	let latest = 0;
	let isOver = false;
	const end = performance.now() + SECONDS * 1_000;
	const rotating = (async () => {
		while (performance.now() < end) {
			const token = await airline.minter({ audience: hotel.did }).mint();
			await airline.rotateKey();
			revoked.push({ token, at: performance.now() });
			await sleep(2_000);
		}
		isOver = true;
	})();
	const presenting = new Set<Promise<void>>();
	while (!isOver) {
		for (const work of [presentGood, presentRevoked]) {
			const done: Promise<void> = work().finally(() => presenting.delete(done));
			presenting.add(done);
		}
		await sleep(1_000 / GOOD_PER_SECOND);
	}
	await Promise.all([...presenting, rotating]);
	const refused = [...good.refused.values()].reduce((sum, count) => sum + count, 0);
	console.log(`${SECONDS} s of load, a rotation every 2 s, a TTL of ${TTL_SECONDS} s:`);
	console.log(`${refused} of ${good.sent} good tokens refused`, Object.fromEntries(good.refused));
	console.log(`a revoked key accepted for ${latest.toFixed(0)} ms at most, ${late} times beyond the TTL`);

	/** A token that was minted just before its key was revoked isn't a good one. */
	async function presentGood(): Promise<void> {
		const { key } = airline;
		const token = await airline.minter({ audience: hotel.did }).mint();
		const code = await codeOf(token, verifier);
		if (airline.key !== key) return;
		good.sent += 1;
		if (code !== "accepted") good.refused.set(code, (good.refused.get(code) ?? 0) + 1);
	}

	async function presentRevoked(): Promise<void> {
		const one = revoked[Math.floor(Math.random() * revoked.length)];
		if (one === undefined || (await codeOf(one.token, verifier)) !== "accepted") return;
		const age = performance.now() - one.at;
		latest = Math.max(latest, age);
		if (age > TTL_SECONDS * 1_000 + 1_000) late += 1;
	}
}

function codeOf(token: string, by = verifier): Promise<string> {
	return by.verify(token).then(
		() => "accepted",
		(error: { code: string }) => error.code,
	);
}
