/** What a delegate vouched for falls with the delegate. */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import { codeOf, type PublishedOrganization } from "../support/document-stage.ts";
import { passOn } from "../support/fake-node.ts";
import { until } from "../support/patient-timers.ts";
import { useTwoChains } from "../support/two-chains.ts";

const V3 = "orgid-v3";
const REJECTED = "document/proof-unauthorized";

const { stage, counter, secondCalls, second, newResolver } = useTwoChains();
let resolver: OrgIdResolver;
let start: number;
beforeAll(() => {
	start = stage.clock.now;
});
beforeEach(() => {
	stage.clock.now = start;
	resolver = newResolver();
});

const verdict = (organization: PublishedOrganization) => codeOf(stage.verify(organization.mint(), resolver));

/** Publishes the document of `organization` signed by another organization's key. */
async function delegate(organization: PublishedOrganization, keyId: string, key: PrivateKey): Promise<void> {
	await stage.registry(V3).addDelegates(organization.orgId, [keyId]);
	const sign = { verificationMethod: keyId, key };
	await organization.publish({ members: { capabilityDelegation: [keyId] }, sign });
}

interface Vouched {
	readonly organization: PublishedOrganization;
	readonly other: PublishedOrganization;
	readonly revoke: () => Promise<unknown>;
}

/** An organization whose document is signed by another organization's on-chain key. */
async function vouchedByChainKey(validUntil = 0): Promise<Vouched> {
	const organization = await stage.create(V3);
	const other = await stage.create("orgpass", { chainId: 100 });
	const { privateKey, publicKey } = await generateKeyPair();
	await stage.registry("orgpass").addKey(other.orgId, { fragment: "chain", publicKey, validUntil });
	await delegate(organization, `${other.did}#chain`, privateKey);
	const revoke = () => stage.registry("orgpass").revokeKey(other.orgId, "chain");
	return { organization, other, revoke };
}

describe("T82: a delegate's key that was revoked", () => {
	it("is rejected when the delegate's record has expired, whenever the document was loaded", async () => {
		const { organization, other, revoke } = await vouchedByChainKey();
		await resolver.resolve(other.did);
		await revoke();
		stage.clock.now += 59;
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 1;
		expect(await verdict(organization)).toBe(REJECTED);
	});

	it("is rejected as soon as the delegate's organization is invalidated", async () => {
		const { organization, other, revoke } = await vouchedByChainKey();
		expect(await verdict(organization)).toBe("accepted");
		await revoke();
		expect(await verdict(organization)).toBe("accepted");
		resolver.invalidate(other.did);
		expect(await verdict(organization)).toBe(REJECTED);
	});

	it("is rejected at the end of a chain of delegations", async () => {
		const first = await stage.create(V3);
		const { organization, other, revoke } = await vouchedByChainKey();
		await delegate(first, organization.issuer, organization.key);
		expect([await verdict(organization), await verdict(first)]).toEqual(["accepted", "accepted"]);
		await revoke();
		resolver.invalidate(other.did);
		expect([await verdict(first), await verdict(organization)]).toEqual([REJECTED, REJECTED]);
	});
});

describe("T82: a delegate", () => {
	it("that was deactivated is rejected once invalidated", async () => {
		const { organization, other } = await vouchedByChainKey();
		expect(await verdict(organization)).toBe("accepted");
		await stage.registry("orgpass").setActive(other.orgId, false);
		resolver.invalidate(other.did);
		expect(await verdict(organization)).toBe(REJECTED);
	});

	it("whose document no longer has the key is rejected once invalidated", async () => {
		const [organization, other] = [await stage.create(V3), await stage.create(V3)];
		await delegate(organization, other.issuer, other.key);
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 1;
		await other.publish({ methods: [] });
		resolver.invalidate(other.did);
		expect(await verdict(organization)).toBe(REJECTED);
	});

	it("whose key expires is rejected from then on", async () => {
		const { organization } = await vouchedByChainKey(start + 10);
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 39;
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 1;
		expect(await verdict(organization)).toBe(REJECTED);
	});

	it("whose credential expires vouches for nothing from then on", async () => {
		const [organization, other] = [await stage.create(V3), await stage.create(V3)];
		await delegate(organization, other.issuer, other.key);
		await other.publish({ sign: { expiresAt: start + 10 } });
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 40;
		expect(await verdict(organization)).toBe(REJECTED);
	});
});

describe("T52: a delegate that is stale", () => {
	const isStale = async (organization: PublishedOrganization): Promise<boolean> =>
		(await stage.verify(organization.mint(), resolver)).stale === true;
	beforeEach(() => {
		resolver = newResolver({ cache: { staleIfErrorSeconds: 600 } });
	});

	it("because its node is down, makes what it signed stale until the node works again", async () => {
		const { organization, other } = await vouchedByChainKey();
		await resolver.resolve(other.did);
		stage.clock.now += 30;
		expect(await isStale(organization)).toBe(false);
		second.answer = () => ({ hangUp: true });
		stage.clock.now += 30;
		expect(await isStale(organization)).toBe(true);
		expect(await isStale(organization)).toBe(true);
		second.answer = (method, params) =>
			method === "eth_chainId" ? { result: "0x64" } : passOn(stage.network.rpcUrl, method, params);
		while (await isStale(organization)) stage.clock.now += 1;
	});

	it("because the host of its document is down, does so, too", async () => {
		const [organization, other] = [await stage.create(V3), await stage.create(V3)];
		await delegate(organization, other.issuer, other.key);
		expect([await isStale(other), await isStale(organization)]).toEqual([false, false]);
		other.serve("", 503);
		stage.clock.now += 60;
		expect([await isStale(other), await isStale(organization)]).toEqual([true, true]);
	});
});

describe("T82: with `watch`, a delegate", () => {
	const CHANGES: readonly (readonly [string, string, (other: PublishedOrganization) => Promise<unknown>])[] = [
		["whose document changes", "webserver", (other) => other.publish({ methods: [] })],
		["that is deactivated", "webserver", ({ orgId }) => stage.registry("orgpass").setActive(orgId, false)],
		["whose key is revoked", "chain", ({ orgId }) => stage.registry("orgpass").revokeKey(orgId, "chain")],
	];

	it.each(CHANGES)("%s takes what it signed along, long before its record expires", async (_what, name, change) => {
		const organization = await stage.create(V3);
		const other = await stage.create("orgpass", { chainId: 100 });
		const { privateKey, publicKey } = await generateKeyPair();
		await stage.registry("orgpass").addKey(other.orgId, { fragment: "chain", publicKey });
		await delegate(organization, `${other.did}#${name}`, name === "chain" ? privateKey : other.key);
		resolver = newResolver({ watch: { pollingSeconds: 0.03 } });
		expect(await verdict(organization)).toBe("accepted");
		await until(() => resolver.status().every(({ behindBlocks }) => behindBlocks === 0));
		await change(other);
		await until(async () => (await verdict(organization)) === REJECTED);
		resolver.close();
	});
});

it("a document that a delegate signed is loaded once as long as the delegate's record is current", async () => {
	const { organization, other } = await vouchedByChainKey();
	expect(await verdict(organization)).toBe("accepted");
	await resolver.resolve(other.did);
	counter.reset();
	secondCalls.length = 0;
	const { pathname } = new URL(organization.url);
	const fetched = stage.server.requests(pathname);
	for (let i = 0; i < 5; i++) expect(await verdict(organization)).toBe("accepted");
	await resolver.resolve(other.did);
	expect([counter.requests(), secondCalls.length, stage.server.requests(pathname)]).toEqual([0, 0, fetched]);
});
