/**
 * Verification of tokens that the verifier hasn't seen before.
 * @module
 */
import type { Verifier } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { type CurveBackendName, useCurveBackend } from "orgpass/keys";
import { BACKENDS, ownName, rawName } from "../suite/backends.ts";
import { createFreshContender, type FreshTokens } from "../suite/fresh-contender.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid, mintTokens, type Organizations, startOrganizations } from "../suite/organizations.ts";
import { DID_JWT, JOSE_5, PEERS, type Peer } from "../suite/peers.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import { type Goal, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const ISSUERS = 10;
/** More than the fastest contender verifies in one turn. */
const POOL = 4_000;

const issuers = Array.from({ length: ISSUERS }, (_, index) => issuerDid(index));

/** Verifies tokens of ten issuers, each token once. */
export async function measureFresh(settings: Settings): Promise<Report> {
	const size = settings.isQuick ? 4 * ISSUERS : POOL;
	const [tokens, first] = [await mintTokens(size, ISSUERS), await mintTokens(ISSUERS, ISSUERS)];
	const organizations = await startOrganizations();
	const contenders = [
		...BACKENDS.map((backend) => rawContender(backend, tokens)),
		...BACKENDS.map((backend) => ownContender(backend, organizations, { tokens, first })),
		...(await Promise.all(PEERS.map((peer) => peerContender(peer, tokens)))),
	];
	const rows = await measureRates(contenders, extentOf(settings, size));
	organizations.close();
	return {
		title: "Verifying fresh tokens",
		text: `Tokens of ${ISSUERS} organizations; every token is new to the verifier, which knows the issuers and their keys. orgpass
finds the key by the token's issuer and remembers the token, as it always does; did-jwt also finds the key, with a resolver
that returns a ready document at once; the others get it. A backend by itself computes SHA-256 and verifies the signature,
nothing else. Without optional packages, orgpass verifies with \`node:crypto\`.`,
		tables: [{ id: "fresh", title: "Fresh tokens", unit: "tokens/s", base: ownName("secp256k1"), rows }],
		goals: goalsOf(rows),
	};
}

function goalsOf(rows: readonly Row[]): readonly Goal[] {
	const goal = (backend: CurveBackendName, base: string, bound: number): Goal => ({
		ratio: `fresh, ${backend}: orgpass ÷ ${base}`,
		value: ratio(rows, ownName(backend), base),
		bound,
	});
	return [
		goal("secp256k1", rawName("secp256k1"), 0.85),
		goal("tiny-secp256k1", rawName("tiny-secp256k1"), 0.95),
		goal("node:crypto", rawName("node:crypto"), 0.97),
		goal("secp256k1", DID_JWT, 20),
		goal("secp256k1", JOSE_5, 10),
		goal("node:crypto", DID_JWT, 3),
		goal("node:crypto", JOSE_5, 1.6),
	];
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

function ownContender(backend: CurveBackendName, { verifier }: Organizations, tokens: FreshTokens): Contender {
	const create = (): Verifier => {
		useCurveBackend(backend);
		return verifier();
	};
	return createFreshContender(ownName(backend), create, tokens);
}

async function peerContender(peer: Peer, tokens: readonly string[]): Promise<Contender> {
	const keys = await Promise.all(issuers.map((did) => peer.load(keyOf(did), `${did}#${FRAGMENT}`, AUDIENCE)));
	return { name: peer.name, run: (index) => keys[index % ISSUERS]?.verify(tokens[index] as string) };
}
