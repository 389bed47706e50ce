/**
 * Tokens cross the language border: ours are read by other implementations, theirs by ours, bad ones by
 * nobody. What it found is written to docs/interop.md where every peer took part.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProfileName } from "../../src/profiles/profile.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { refusalOf } from "../support/refusal.ts";
import { createAppStages } from "./app-stages.ts";
import { findPeers } from "./available.ts";
import { type Finding, isComplete, writePage } from "./findings.ts";
import { createIoctlStage } from "./ioctl-stage.ts";
import { generateKeys } from "./keys.ts";
import { createOrganizationStages, type Network } from "./organization-stages.ts";
import { PEERS, type Peer } from "./peers.ts";
import { askToMint, askToVerify, type Claims } from "./protocol.ts";
import { shapesOf } from "./signature-shapes.ts";
import type { Stage } from "./stage.ts";
import { type BadToken, spoil } from "./tamper.ts";

/** How many tokens of each key are shown to the verifiers of the other kinds, and spoilt for ours. */
const SAMPLE = 5;

const available = await findPeers(PEERS);
const findings: Finding[] = [];
const stages = new Map<ProfileName, Stage>();
let network: Network;

beforeAll(async () => {
	network = await startTestNetwork();
	const keys = await generateKeys();
	const all = [
		...(await createOrganizationStages(network, keys)),
		createIoctlStage(keys),
		...(await createAppStages()),
	];
	for (const stage of all) stages.set(stage.profile, stage);
});
afterAll(async () => {
	await network.close();
	if (isComplete(PEERS, findings)) writePage(findings);
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
			const profile = name as ProfileName;
			if (reads === true) {
				it.concurrent(`reads our ${profile} tokens and refuses spoilt ones`, () =>
					oursToTheirs(finding, profile));
			}
			if (mints === true) {
				it.concurrent(`mints ${profile} tokens that are read as that kind only`, () =>
					theirsToOurs(finding, profile));
			}
		}
	});
}

async function oursToTheirs(finding: Finding, profile: ProfileName): Promise<void> {
	const { peer, read } = finding;
	const stage = stageOf(profile);
	const share = stage.tokenCount / stage.identities.length;
	const batches: { files: Stage["identities"][0]["files"]; good: string[]; bad: BadToken[] }[] = [];
	for (const { files, mint } of stage.identities) {
		const good = await Promise.all(Array.from({ length: share }, () => mint(peer.scopeFormat ?? "text")));
		batches.push({ files, good, bad: spoil(good.slice(0, SAMPLE), stage.isEcdsa) });
	}
	const answers = await askToVerify(
		peer.command,
		batches.map(({ files, good, bad }) => ({ files, tokens: [...good, ...bad.map(({ token }) => token)] })),
	);
	for (const [at, { good, bad }] of batches.entries()) {
		const told = answers[at] ?? [];
		expect(told.slice(0, good.length).filter(({ isAccepted }) => !isAccepted)).toEqual([]);
		const accepted = bad.filter((_, index) => told[good.length + index]?.isAccepted === true);
		expect([...new Set(accepted.map(({ fault }) => fault))]).toEqual(peer.accepts ?? []);
	}
	const all = batches.flatMap(({ good }) => good);
	expect(new Set(all).size).toBe(stage.tokenCount);
	read.set(profile, all.length);
	noteShapes(finding, stage, { ours: shapesOf(all) });
}

async function theirsToOurs(finding: Finding, profile: ProfileName): Promise<void> {
	const { peer, minted } = finding;
	const stage = stageOf(profile);
	const share = stage.tokenCount / stage.identities.length;
	const batches = stage.identities.map(({ files, claims }) => ({
		files,
		claims: Array.from({ length: share }, claims),
	}));
	const tokens = await askToMint(peer.command, batches);
	for (const [at, { claims }] of batches.entries()) {
		const made = tokens[at] ?? [];
		for (const [index, token] of made.entries()) {
			const given = claims[index] ?? {};
			const verified = await stage.verify(token);
			expect(verified.profile).toBe(profile);
			expect(withoutOwn(verified.claims, peer)).toEqual(withoutOwn(given, peer));
			expect(verified.scopes.join(" ")).toBe(given["scope"] ?? "");
		}
		const sample = made.slice(0, SAMPLE);
		for (const { token } of spoil(sample, stage.isEcdsa)) await refusedAsToken(stage, token);
		await refusedAsOtherKinds(stage, sample);
	}
	const all = tokens.flat();
	minted.set(profile, all.length);
	noteShapes(finding, stage, { theirs: shapesOf(all) });
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

function stageOf(profile: ProfileName): Stage {
	const stage = stages.get(profile);
	return stage ?? expect.fail(`no stage for ${profile}`);
}
