/**
 * Minting of tokens.
 * @module
 */
import { createOrgIdMinter } from "orgpass";
import { decodeToken } from "orgpass/jws";
import { type CurveBackendName, useCurveBackend } from "orgpass/keys";
import { ownName, rawName } from "../suite/backends.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { backendGoal, measureBackends, toTableRows } from "../suite/measure-backends.ts";
import { FRAGMENT, keyOf } from "../suite/organization-keys.ts";
import { AUDIENCE, issuerDid } from "../suite/organizations.ts";
import { DID_JWT, JOSE_5, PEERS, type Peer } from "../suite/peers.ts";
import { RAW_CURVES } from "../suite/raw-curves.ts";
import type { Goal, Report, Row, Settings } from "../suite/report.ts";

const DID = issuerDid(0);
const KEY = keyOf(DID);
const ISSUER = `${DID}#${FRAGMENT}`;

/** Mints tokens of one organization. */
export async function measureMint(settings: Settings): Promise<Report> {
	const measured = await measureBackends("mint", settings);
	const goal = (base: string, bound: number): Goal => backendGoal(measured, "minting", "secp256k1", base, bound);
	return {
		title: "Minting tokens",
		text: `A new token with issuer, audience, scope, times and, from orgpass, a random \`jti\`. orgpass verifies what it has
signed before it returns a token, so that a fault while signing can't reveal the key; the others don't. A backend by itself
signs and verifies, too; each has a process of its own, with orgpass beside it. \`node:crypto\` doesn't sign
deterministically, so noble signs instead of it.`,
		tables: [
			{ id: "mint", title: "Tokens minted", unit: "tokens/s", base: ownName("secp256k1"), rows: toTableRows(measured) },
		],
		goals: [goal(rawName("secp256k1"), 0.8), goal(DID_JWT, 4), goal(JOSE_5, 4)],
	};
}

/** The same with one backend. */
export async function measureMintWith(backend: CurveBackendName, settings: Settings): Promise<readonly Row[]> {
	useCurveBackend(backend);
	const minter = createOrgIdMinter({ key: KEY, issuer: ISSUER, audience: AUDIENCE });
	const { signingInput } = decodeToken(await minter.mint({ scope: "book" }));
	const peers = backend === "secp256k1" ? PEERS : [];
	const contenders: Contender[] = [
		rawContender(backend, signingInput),
		{ name: ownName(backend), isOurs: true, run: () => minter.mint({ scope: "book" }) },
		...(await Promise.all(peers.map(peerContender))),
	];
	return measureRates(contenders, extentOf(settings));
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
