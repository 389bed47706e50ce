/**
 * Minting of tokens.
 * @module
 */
import { createOrgIdMinter } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { type CurveBackendName, useCurveBackend } from "orgpass/keys";
import { BACKENDS, ownName, rawName } from "../suite/backends.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid } from "../suite/organizations.ts";
import { DID_JWT, JOSE_5, PEERS, type Peer } from "../suite/peers.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import { type Goal, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const DID = issuerDid(0);
const KEY = keyOf(DID);
const ISSUER = `${DID}#${FRAGMENT}`;

/** Mints tokens of one organization. */
export async function measureMint(settings: Settings): Promise<Report> {
	const minter = createOrgIdMinter({ key: KEY, issuer: ISSUER, audience: AUDIENCE });
	const { signingInput } = decodeToken(await minter.mint({ scope: "book" }));
	const contenders: Contender[] = [
		...BACKENDS.map((backend) => rawContender(backend, signingInput)),
		...BACKENDS.map((backend) => ({
			name: ownName(backend),
			isOurs: true,
			prepare: () => useCurveBackend(backend),
			run: () => minter.mint({ scope: "book" }),
		})),
		...(await Promise.all(PEERS.map(peerContender))),
	];
	const rows = await measureRates(contenders, extentOf(settings));
	return {
		title: "Minting tokens",
		text: `A new token with issuer, audience, scope, times and, from orgpass, a random \`jti\`. orgpass verifies what it has
signed before it returns a token, so that a fault while signing can't reveal the key; the others don't. A backend by itself
signs and verifies, too. \`node:crypto\` doesn't sign deterministically, so noble signs instead of it.`,
		tables: [{ id: "mint", title: "Tokens minted", unit: "tokens/s", base: ownName("secp256k1"), rows }],
		goals: goalsOf(rows),
	};
}

function rawContender(backend: CurveBackendName, bytes: Uint8Array): Contender {
	const { sign, verify } = RAW_CURVES[backend](KEY);
	return {
		name: rawName(backend),
		run() {
			if (!verify(bytes, sign(bytes))) throw new Error(`${backend} refused its own signature`);
		},
	};
}

async function peerContender({ name, load }: Peer): Promise<Contender> {
	const { mint } = await load(KEY, ISSUER, AUDIENCE);
	return { name, run: () => mint() };
}

function goalsOf(rows: readonly Row[]): readonly Goal[] {
	const goal = (base: string, bound: number): Goal => ({
		ratio: `minting, secp256k1: orgpass ÷ ${base}`,
		value: ratio(rows, ownName("secp256k1"), base),
		bound,
	});
	return [goal(rawName("secp256k1"), 0.8), goal(DID_JWT, 4), goal(JOSE_5, 4)];
}
