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
	const alone = await measureBackends("fresh", settings);
	const besidePeers = await measureBackends("fresh-peers", settings, BESIDE_PEERS);
	const rawGoal = (backend: CurveBackendName, bound: number): Goal =>
		backendGoal(alone, "fresh", backend, rawName(backend), bound);
	const peerGoal = (backend: CurveBackendName, peer: string, bound: number): Goal =>
		backendGoal(besidePeers, "fresh", backend, peer, bound);
	const peers = besidePeers.get("secp256k1") ?? [];
	return {
		title: "Verifying fresh tokens",
		text: `Tokens of ${ISSUERS} organizations; every token is new to the verifier, which knows the issuers and their keys. orgpass
finds the key by the token's issuer and remembers the token, as it always does; did-jwt also finds the key, with a resolver
that returns a ready document at once; the others get it. A backend by itself computes SHA-256 and verifies the signature,
nothing else; each has a process of its own, with orgpass beside it. The other libraries have a process with orgpass, too.
Without optional packages, orgpass verifies with \`node:crypto\`.`,
		tables: [
			{
				...{ id: "fresh", title: "Fresh tokens", unit: "tokens/s", base: ownName("secp256k1") },
				rows: [...toTableRows(alone), ...peers.filter(({ isOurs }) => isOurs !== true)],
			},
		],
		goals: [
			rawGoal("secp256k1", 0.85),
			rawGoal("tiny-secp256k1", 0.95),
			rawGoal("node:crypto", 0.97),
			peerGoal("secp256k1", DID_JWT, 20),
			peerGoal("secp256k1", JOSE_5, 10),
			peerGoal("node:crypto", DID_JWT, 3),
			peerGoal("node:crypto", JOSE_5, 1.6),
		],
	};
}

/** The same with one backend, beside this backend by itself. */
export function measureFreshWith(backend: CurveBackendName, settings: Settings): Promise<readonly Row[]> {
	return measureBeside(backend, settings, async (tokens) => [rawContender(backend, tokens)]);
}

/** The same with one backend, beside the other libraries. */
export function measureFreshBesidePeers(backend: CurveBackendName, settings: Settings): Promise<readonly Row[]> {
	return measureBeside(backend, settings, (tokens) => Promise.all(PEERS.map((peer) => peerContender(peer, tokens))));
}

async function measureBeside(
	backend: CurveBackendName,
	settings: Settings,
	createOthers: (tokens: readonly string[]) => Promise<readonly Contender[]>,
): Promise<readonly Row[]> {
	const size = settings.isQuick ? 4 * ISSUERS : POOL;
	const [tokens, first] = [await mintTokens(size, ISSUERS), await mintTokens(ISSUERS, ISSUERS)];
	const organizations = await startOrganizations();
	useCurveBackend(backend);
	const others = await createOthers(tokens);
	const own = createFreshContender(ownName(backend), organizations.verifier, { tokens, first });
	const rows = await measureRates([...others, own], extentOf(settings, size));
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
