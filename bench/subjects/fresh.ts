/**
 * Verification of tokens that the verifier hasn't seen before.
 * @module
 */
import type { Verifier } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, didOf, mintTokens, type Organizations, startOrganizations } from "../suite/organizations.ts";
import { PEERS, type Peer } from "../suite/peers.ts";
import { type LoadRawKey, RAW_CURVES } from "../suite/raw-curves.ts";
import { type Report, ratio, type Settings } from "../suite/report.ts";

const ISSUERS = 10;
/** More than the fastest contender verifies in one turn. */
const POOL = 4_000;

const issuers = Array.from({ length: ISSUERS }, (_, index) => didOf(2 + index));

/** Verifies tokens of ten issuers, each token once. */
export async function measureFresh(settings: Settings): Promise<Report> {
	const size = settings.isQuick ? 4 * ISSUERS : POOL;
	const tokens = await mintTokens(size, ISSUERS);
	const first = await mintTokens(ISSUERS, ISSUERS);
	const organizations = await startOrganizations();
	const contenders = [
		...Object.entries(RAW_CURVES).map(([name, load]) => rawContender(name, load, tokens)),
		ownContender("orgpass", organizations, tokens, first),
		...(await Promise.all(PEERS.map((peer) => peerContender(peer, tokens)))),
	];
	const rows = await measureRates(contenders, extentOf(settings, size));
	organizations.close();
	return {
		title: "Verifying fresh tokens",
		text: `Tokens of ${ISSUERS} organizations whose keys are known; every token is new to the verifier. ...`,
		tables: [{ id: "fresh", title: "Fresh tokens", unit: "tokens/s", base: "node:crypto alone", rows }],
		goals: [
			{ ratio: "fresh: orgpass ÷ OpenSSL alone", value: ratio(rows, "orgpass", "node:crypto alone"), bound: 0.97 },
		],
	};
}

function rawContender(name: string, load: LoadRawKey, tokens: readonly string[]): Contender {
	const keys = issuers.map((did) => load(keyOf(did)));
	const parts = tokens.map((token) => {
		const { signingInput, signature } = decodeToken(token);
		return { bytes: signingInput, signature };
	});
	return {
		name: `${name} alone`,
		run(index) {
			const { bytes, signature } = parts[index] as (typeof parts)[number];
			if (!keys[index % ISSUERS]?.verify(bytes, signature)) throw new Error(`${name} refused a signature`);
		},
	};
}

/** A new verifier for each turn, so that it has seen none of the tokens; it knows the issuers. */
function ownContender(
	name: string,
	organizations: Organizations,
	tokens: readonly string[],
	first: readonly string[],
): Contender {
	let verifier: Verifier;
	return {
		name,
		isOurs: true,
		async prepare() {
			verifier = organizations.verifier();
			for (const token of first) await verifier.verify(token);
		},
		run: (index) => verifier.verify(tokens[index] as string),
	};
}

async function peerContender(peer: Peer, tokens: readonly string[]): Promise<Contender> {
	const keys = await Promise.all(issuers.map((did) => peer.load(keyOf(did), `${did}#${FRAGMENT}`, AUDIENCE)));
	return { name: peer.name, run: (index) => keys[index % ISSUERS]?.verify(tokens[index] as string) };
}
