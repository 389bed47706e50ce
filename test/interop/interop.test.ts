/**
 * Tokens cross the language border: ours are read by other implementations, theirs by ours, bad ones by
 * nobody. What it found is written to docs/interop.md where every peer took part.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { refusalOf } from "../support/refusal.ts";
import type { Kind } from "../support/token-kinds.ts";
import { createAppStages } from "./app-stages.ts";
import { findPeers } from "./available.ts";
import { type Finding, isComplete, writePage } from "./findings.ts";
import { createIoctlStage } from "./ioctl-stage.ts";
import { generateKeys } from "./keys.ts";
import { createOrganizationStages, type Network } from "./organization-stages.ts";
import { PEERS, type Peer } from "./peers.ts";
import { askToMint, askToVerify, type Claims, type Files } from "./protocol.ts";
import { shapesOf } from "./signature-shapes.ts";
import type { Identity, Stage } from "./stage.ts";
import { type BadToken, spoil } from "./tamper.ts";

/** How many tokens of each key are shown to the verifiers of the other kinds, and spoilt for ours. */
const SAMPLE = 5;

/** One key's tokens of ours, on their way to a peer. */
interface Batch {
	readonly files: Files;
	readonly isRefused: boolean;
	readonly good: readonly string[];
	readonly bad: readonly BadToken[];
}

const available = await findPeers(PEERS);
const findings: Finding[] = [];
const stages = new Map<Kind, Stage>();
let network: Network;
/** A server's that takes every kind. */
let verifierOfAll: Verifier;

beforeAll(async () => {
	network = await startTestNetwork();
	const keys = await generateKeys();
	const all = [
		...(await createOrganizationStages(network, keys)),
		createIoctlStage(keys),
		...(await createAppStages()),
	];
	for (const stage of all) stages.set(stage.profile, stage);
	verifierOfAll = createVerifier({ profiles: all.map(({ judge }) => judge), now: network.now });
});
afterAll(async () => {
	await network.close();
	if (!isComplete(PEERS, findings)) return;
	const shapes = findings.flatMap((one) => [...one.shapes.values()]);
	expect(shapes.some(({ theirs }) => (theirs?.short ?? 0) > 0)).toBe(true);
	expect(shapes.some(({ ours }) => (ours?.short ?? 0) > 0)).toBe(true);
	writePage(findings);
});

for (const found of available) {
	const { peer } = found;
	describe(`${peer.name} (${peer.language})`, () => {
		if ("missing" in found) {
			const isRequired = process.env["ORGPASS_REQUIRE_ALL"] === "1";
			it.skipIf(!isRequired)("is here", () => expect.fail(found.missing));
			return;
		}
		const finding = { peer, version: found.version, read: new Map(), minted: new Map(), shapes: new Map() };
		findings.push(finding);
		for (const [name, { reads, mints }] of Object.entries(peer.abilities)) {
			const profile = name as Kind;
			if (reads === true) {
				it.concurrent(`reads our ${profile} tokens and refuses spoilt ones`, () => oursToTheirs(finding, profile));
			} else {
				it.concurrent(`reads no ${profile} tokens: ${reads}`, () => readsNone(peer, profile));
			}
			if (mints === true) {
				it.concurrent(`mints ${profile} tokens that are read as that kind only`, () => theirsToOurs(finding, profile));
			} else {
				it.concurrent(`mints no ${profile} tokens: ${mints}`, () => mintsNone(peer, profile));
			}
		}
	});
}

async function oursToTheirs(finding: Finding, profile: Kind): Promise<void> {
	const { peer, read } = finding;
	const stage = stageOf(profile);
	const batches: Batch[] = [];
	for (const { files, isNumericIssuer, mint } of stage.identities) {
		const good = await Promise.all(Array.from({ length: shareOf(stage) }, () => mint(peer.scopeFormat ?? "text")));
		const isRefused = isNumericIssuer === true && peer.refusesNumericIssuer?.includes("reads") === true;
		batches.push({
			files,
			isRefused,
			good,
			bad: spoil(good.slice(0, SAMPLE), stage.isEcdsa, files["public.pem"]),
		});
	}
	const answers = await askToVerify(
		peer.command,
		batches.map(({ files, good, bad }) => ({ files, tokens: [...good, ...bad.map(({ token }) => token)] })),
	);
	for (const [at, { isRefused, good, bad }] of batches.entries()) {
		const told = answers[at] ?? [];
		const wrong = told.slice(0, good.length).filter(({ isAccepted }) => isAccepted === isRefused);
		expect(wrong, `good tokens of key ${at}`).toEqual([]);
		const accepted = bad.filter((_, index) => told[good.length + index]?.isAccepted === true);
		const expected = stage.isEcdsa ? (peer.accepts ?? []) : [];
		expect([...new Set(accepted.map(({ fault }) => fault))], `bad tokens of key ${at}`).toEqual(expected);
	}
	const all = batches.flatMap(({ isRefused, good }) => (isRefused ? [] : good));
	expect(new Set(all).size).toBe(all.length);
	noteShapes(finding, stage, { ours: shapesOf(all) });
	read.set(profile, all.length);
}

async function theirsToOurs(finding: Finding, profile: Kind): Promise<void> {
	const { peer, minted } = finding;
	const stage = stageOf(profile);
	const batches = stage.identities.map(({ files, isNumericIssuer = false, claims }) => ({
		files,
		isNumericIssuer,
		claims: Array.from({ length: shareOf(stage) }, claims),
	}));
	const refuses = peer.refusesNumericIssuer?.includes("mints") === true;
	const [refused, taken] = [true, false].map((side) =>
		batches.filter(({ isNumericIssuer }) => (refuses && isNumericIssuer) === side),
	) as [typeof batches, typeof batches];
	for (const batch of refused) await expect(askToMint(peer.command, [batch])).rejects.toThrow();
	const tokens = await askToMint(peer.command, taken);
	for (const [at, { files, claims }] of taken.entries()) {
		const made = tokens[at] ?? [];
		for (const [index, token] of made.entries()) await readAsGiven(finding, stage, token, claims[index] ?? {});
		const sample = made.slice(0, SAMPLE);
		for (const { token } of spoil(sample, stage.isEcdsa, files["public.pem"])) await refusedAsToken(stage, token);
		await refusedAsOtherKinds(stage, sample);
		for (const token of sample) {
			expect((await verifierOfAll.verify(token, stage.asked)).profile).toBe(profile);
		}
	}
	const all = tokens.flat();
	noteShapes(finding, stage, { theirs: shapesOf(all) });
	minted.set(profile, all.length);
}

/** A reason in the table is a fact, too: the peer was given good tokens, and took none. */
async function readsNone({ command }: Peer, profile: Kind): Promise<void> {
	const { files, mint } = firstOf(profile);
	const tokens = [await mint("text"), await mint("text")];
	const [answers = []] = await askToVerify(command, [{ files, tokens }]).catch(() => [[]]);
	expect(answers.filter(({ isAccepted }) => isAccepted)).toEqual([]);
}

async function mintsNone({ command }: Peer, profile: Kind): Promise<void> {
	const { files, claims } = firstOf(profile);
	await expect(askToMint(command, [{ files, claims: [claims()] }])).rejects.toThrow();
}

async function readAsGiven({ peer }: Finding, stage: Stage, token: string, given: Claims): Promise<void> {
	const verified = await stage.verify(token);
	expect(verified.profile).toBe(stage.profile);
	expect(withoutOwn(verified.claims, peer)).toEqual(withoutOwn(given, peer));
	expect(verified.scopes.join(" ")).toBe(given["scope"] ?? "");
}

async function refusedAsOtherKinds(stage: Stage, tokens: readonly string[]): Promise<void> {
	for (const other of stages.values()) {
		if (other === stage) continue;
		for (const token of tokens) await refusedAsToken(other, token);
	}
}

/** Refused for what it is, not for what it asks or for a fault of the test's own. */
async function refusedAsToken(stage: Stage, token: string): Promise<void> {
	const { code, message } = await refusalOf(() => stage.verify(token));
	expect(code, message).toMatch(/^(token|did)\//);
}

function noteShapes({ peer, shapes }: Finding, stage: Stage, sides: object): void {
	if (!stage.isEcdsa) return;
	const noted = { ...shapes.get(stage.profile), ...sides };
	shapes.set(stage.profile, noted);
	if (noted.ours !== undefined) expect(noted.ours.highS).toBe(0);
	if (noted.theirs === undefined) return;
	if (peer.isAnyS) expect(noted.theirs.highS).toBeGreaterThan(0);
	else expect(noted.theirs.highS).toBe(0);
}

function withoutOwn(claims: Claims, { ownClaims = [] }: Peer): Claims {
	return Object.fromEntries(Object.entries(claims).filter(([name]) => !ownClaims.includes(name)));
}

function shareOf({ tokenCount, identities }: Stage): number {
	return tokenCount / identities.length;
}

function stageOf(profile: Kind): Stage {
	const stage = stages.get(profile);
	return stage ?? expect.fail(`no stage for ${profile}`);
}

function firstOf(profile: Kind): Identity {
	return stageOf(profile).identities[0] ?? expect.fail(`no key for ${profile}`);
}
