/**
 * Verification of tokens that the verifier hasn't seen before.
 * @module
 */
import { decodeToken } from "orgpass/jws";
import { type CurveBackendName, useCurveBackend } from "orgpass/keys";
import { ownName, rawName } from "../suite/backends.ts";
import { createFreshContender } from "../suite/fresh-contender.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { backendGoal, measureBackends, toTableRows } from "../suite/measure-backends.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid, mintTokens, startOrganizations } from "../suite/organizations.ts";
import { DID_JWT, JOSE_5, PEERS, type Peer } from "../suite/peers.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import type { Goal, Report, Row, Settings } from "../suite/report.ts";

const ISSUERS = 10;
/** More than the fastest contender verifies in one turn. */
const POOL = 4_000;

const issuers = Array.from({ length: ISSUERS }, (_, index) => issuerDid(index));

/** The backends beside which the other libraries are measured: the fastest, and what there is without packages. */
const BESIDE_PEERS: readonly CurveBackendName[] = ["secp256k1", "node:crypto"];

/** Verifies tokens of ten issuers, each token once. */
export async function measureFresh(settings: Settings): Promise<Report> {
	const measured = await measureBackends("fresh", settings);
	const goal = (backend: CurveBackendName, base: string, bound: number): Goal =>
		backendGoal(measured, "fresh", backend, base, bound);
	return {
		title: "Verifying fresh tokens",
		text: `Tokens of ${ISSUERS} organizations; every token is new to the verifier, which knows the issuers and their keys. orgpass
finds the key by the token's issuer and remembers the token, as it always does; did-jwt also finds the key, with a resolver
that returns a ready document at once; the others get it. A backend by itself computes SHA-256 and verifies the signature,
nothing else; each has a process of its own, with orgpass beside it. Without optional packages, orgpass verifies with
\`node:crypto\`.`,
		tables: [
			{ id: "fresh", title: "Fresh tokens", unit: "tokens/s", base: ownName("secp256k1"), rows: toTableRows(measured) },
		],
		goals: [
			goal("secp256k1", rawName("secp256k1"), 0.85),
			goal("tiny-secp256k1", rawName("tiny-secp256k1"), 0.95),
			goal("node:crypto", rawName("node:crypto"), 0.97),
			goal("secp256k1", DID_JWT, 20),
			goal("secp256k1", JOSE_5, 10),
			goal("node:crypto", DID_JWT, 3),
			goal("node:crypto", JOSE_5, 1.6),
		],
	};
}

/** The same with one backend. */
export async function measureFreshWith(backend: CurveBackendName, settings: Settings): Promise<readonly Row[]> {
	const size = settings.isQuick ? 4 * ISSUERS : POOL;
	const [tokens, first] = [await mintTokens(size, ISSUERS), await mintTokens(ISSUERS, ISSUERS)];
	const organizations = await startOrganizations();
	useCurveBackend(backend);
	const peers = BESIDE_PEERS.includes(backend) ? PEERS : [];
	const contenders = [
		rawContender(backend, tokens),
		createFreshContender(ownName(backend), organizations.verifier, { tokens, first }),
		...(await Promise.all(peers.map((peer) => peerContender(peer, tokens)))),
	];
	const rows = await measureRates(contenders, extentOf(settings, size));
	organizations.close();
	return rows;
}

function rawContender(backend: CurveBackendName, tokens: readonly string[]): Contender {
	const keys = issuers.map((did) => RAW_CURVES[backend](keyOf(did)));
	const parts = tokens.map((token) => decodeToken(token));
	return {
		name: rawName(backend),
		run(index) {
			const { signingInput, signature } = parts[index] as (typeof parts)[number];
			if (!keys[index % ISSUERS]?.verify(signingInput, signature)) throw new Error(`${backend} refused a signature`);
		},
	};
}

async function peerContender(peer: Peer, tokens: readonly string[]): Promise<Contender> {
	const keys = await Promise.all(issuers.map((did) => peer.load(keyOf(did), `${did}#${FRAGMENT}`, AUDIENCE)));
	return { name: peer.name, run: (index) => keys[index % ISSUERS]?.verify(tokens[index] as string) };
}
