import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import { forgeToken } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";

let network: Awaited<ReturnType<typeof startTestNetwork<10>>>;
let verifier: Verifier;
let audience: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 10 });
	audience = network.organizations[9].did;
	verifier = createVerifier({
		profiles: [orgid({ audience, resolver: network.resolver })],
		now: network.now,
	});
});
afterAll(() => network.close());

/** A key of the account that is an organization's owner or director. */
function accountKey(privateKey: string): ReturnType<typeof importPrivateKey> {
	return importPrivateKey(privateKey);
}

function claimsOf(iss: string): object {
	const now = Math.floor(network.now());
	return { iss, aud: audience, iat: now, exp: now + 600 };
}

describe("T36: a deactivated organization", () => {
	it("T36: is rejected until it is reactivated", async () => {
		const organization = network.organizations[0];
		const token = await organization.minter({ audience }).mint();
		expect((await verifier.verify(token)).organization?.active).toBe(true);
		await organization.deactivate();
		await expectRefusal(() => verifier.verify(token), "did/deactivated");
		const { didDocumentMetadata } = await network.resolver.resolve(organization.did);
		expect(didDocumentMetadata.deactivated).toBe(true);
		await organization.activate();
		expect((await verifier.verify(token)).issuer).toBe(organization.did);
	});

	it("T36: is rejected after the cache's TTL", async () => {
		const { owner, orgId, did, minter } = network.organizations[1];
		const token = await minter({ audience }).mint();
		await verifier.verify(token);
		await network.registry.connect(owner).setActive(orgId, false);
		await network.advanceTime(61);
		await expectRefusal(() => verifier.verify(token), "did/deactivated");
		const { didDocumentMetadata } = await network.resolver.resolve(did);
		expect(didDocumentMetadata.deactivated).toBe(true);
	});
});

describe("T37: a key that isn't valid", () => {
	it("T37: is rejected as revoked, after the cache's TTL at the latest", async () => {
		const { owner, orgId, issuer, minter } = network.organizations[2];
		const token = await minter({ audience }).mint();
		await verifier.verify(token);
		await network.registry.connect(owner).revokeKey(orgId, "webserver");
		await network.advanceTime(61);
		const { details } = await expectRefusal(() => verifier.verify(token), "did/key-revoked");
		expect(details).toMatchObject({ keyId: issuer });
		expect(details["revokedAt"]).toBeGreaterThan(0);
	});

	it("T37: is rejected at once after a rotation, and the new one is accepted", async () => {
		const organization = network.organizations[3];
		const old = await organization.minter({ audience }).mint();
		await verifier.verify(old);
		await organization.rotateKey();
		await expectRefusal(() => verifier.verify(old), "did/key-revoked");
		const { keyId } = await verifier.verify(await organization.minter({ audience }).mint());
		expect(keyId).toBe(`${organization.did}#webserver-2`);
	});

	it("T37: is rejected before and after its validity, by the verifier's clock and tolerance", async () => {
		const { owner, orgId, did } = network.organizations[4];
		const registry = network.registry.connect(owner);
		const { privateKey, publicKey } = await generateKeyPair();
		const validFrom = Math.ceil(network.now()) + 1_000;
		const validUntil = validFrom + 1_000;
		await registry.addKey(orgId, { fragment: "limited", publicKey, validFrom, validUntil });
		network.resolver.invalidate(did);
		const at = async (now: number, clockToleranceSeconds = 0) => {
			const profiles = [orgid({ audience, resolver: network.resolver })];
			const own = createVerifier({ profiles, clockToleranceSeconds, now: () => now });
			const payload = { iss: `${did}#limited`, aud: audience, iat: now, exp: now + 60 };
			return own.verify(await forgeToken({ header: { alg: "ES256K" }, payload, key: privateKey }));
		};
		const early = await expectRefusal(() => at(validFrom - 1), "did/key-not-yet-valid");
		expect(early.details).toEqual({ validFrom, now: validFrom - 1 });
		expect((await at(validFrom)).issuer).toBe(did);
		expect((await at(validUntil - 1)).issuer).toBe(did);
		const late = await expectRefusal(() => at(validUntil), "did/key-expired");
		expect(late.details).toEqual({ validUntil, now: validUntil });
		expect((await at(validFrom - 30, 30)).issuer).toBe(did);
		expect((await at(validUntil + 29, 30)).issuer).toBe(did);
		await expectRefusal(() => at(validFrom - 31, 30), "did/key-not-yet-valid");
		await expectRefusal(() => at(validUntil + 30, 30), "did/key-expired");
	});

	it("T37: an invalid signature is reported before the key's expiry", async () => {
		const { owner, orgId, did, key } = network.organizations[4];
		const { publicKey } = await generateKeyPair();
		const validUntil = Math.ceil(network.now()) + 60;
		await network.registry.connect(owner).addKey(orgId, { fragment: "short", publicKey, validUntil });
		await network.advanceTime(120);
		network.resolver.invalidate(did);
		const payload = claimsOf(`${did}#short`);
		const token = await forgeToken({ header: { alg: "ES256K" }, payload, key });
		await expectRefusal(() => verifier.verify(token), "token/signature");
	});
});

describe("T39: owner and director", () => {
	it("T39: the DID document has a director only once accepted, and none after a transfer", async () => {
		const { owner, orgId, did } = network.organizations[5];
		const [director, successor] = network.accounts;
		const registry = network.registry.connect(owner);
		const methods = async (): Promise<Record<string, unknown>> => {
			network.resolver.invalidate(did);
			const { didDocument } = await network.resolver.resolve(did);
			const all = didDocument?.verificationMethod ?? [];
			return Object.fromEntries(all.map(({ id, blockchainAccountId }) => [id, blockchainAccountId]));
		};
		const account = (address: string): string => `eip155:31337:${address}`;
		expect(await methods()).not.toHaveProperty([`${did}#director`]);
		await registry.transferDirectorship(orgId, director.address as `0x${string}`);
		expect(await methods()).not.toHaveProperty([`${did}#director`]);
		await network.registry.connect(director).acceptDirectorship(orgId);
		expect((await methods())[`${did}#director`]).toBe(account(director.address));
		expect((await methods())[`${did}#owner`]).toBe(account(owner.address));
		await registry.transferOwnership(orgId, successor.address as `0x${string}`);
		expect(await methods()).not.toHaveProperty([`${did}#director`]);
		expect((await methods())[`${did}#owner`]).toBe(account(successor.address));
	});

	it("T39: the accounts of owner and director can't sign ORGiD tokens", async () => {
		const { owner, orgId, did } = network.organizations[6];
		const [director] = network.accounts;
		const keys = {
			owner: await accountKey(owner.privateKey),
			director: await accountKey(director.privateKey),
		};
		const refuseAll = async (): Promise<void> => {
			network.resolver.invalidate(did);
			for (const [fragment, key] of Object.entries(keys)) {
				for (const iss of [did, `${did}#${fragment}`, `${did}#webserver`]) {
					const payload = claimsOf(iss);
					const token = await forgeToken({ header: { alg: "ES256K" }, payload, key });
					await expectRefusal(
						() => verifier.verify(token),
						["token/issuer", "did/key-not-found", "did/document-invalid", "token/signature"],
					);
				}
			}
		};
		await refuseAll();
		const registry = network.registry.connect(owner);
		await registry.transferDirectorship(orgId, director.address as `0x${string}`);
		await refuseAll();
		await network.registry.connect(director).acceptDirectorship(orgId);
		await refuseAll();
		await registry.transferDirectorship(orgId, `0x${"00".repeat(20)}`);
		await refuseAll();
	});

	it("T39: a key added by the director remains valid after a transfer until revoked", async () => {
		const organization = network.organizations[7];
		const { owner, orgId, did } = organization;
		const [director, successor] = network.accounts;
		await network.registry.connect(owner).transferDirectorship(orgId, director.address as `0x${string}`);
		const asDirector = network.registry.connect(director);
		const { privateKey, publicKey } = await generateKeyPair();
		await expectRefusal(
			() => asDirector.addKey(orgId, { fragment: "director-key", publicKey }),
			"registry/unauthorized",
		);
		await asDirector.acceptDirectorship(orgId);
		await asDirector.addKey(orgId, { fragment: "director-key", publicKey });
		network.resolver.invalidate(did);
		const issuer = `${did}#director-key`;
		const minter = createOrgIdMinter({ key: privateKey, issuer, audience, now: network.now });
		const token = await minter.mint();
		expect((await verifier.verify(token)).keyId).toBe(issuer);
		await organization.transfer(successor.address as `0x${string}`);
		expect((await verifier.verify(token)).keyId).toBe(issuer);
		await expectRefusal(() => asDirector.revokeKey(orgId, "webserver"), "registry/unauthorized");
		await network.registry.connect(successor).revokeKey(orgId, "director-key");
		network.resolver.invalidate(did);
		await expectRefusal(() => verifier.verify(token), "did/key-revoked");
	});
});

it("a key in two organizations only signs for the one that the token names", async () => {
	const [, , , , , , , , eighth, ninth] = network.organizations;
	const { publicKey } = ninth.key;
	await network.registry.connect(eighth.owner).addKey(eighth.orgId, { fragment: "shared", publicKey });
	network.resolver.invalidate(eighth.did);
	const key = await importPrivateKey(exportPrivateKey(ninth.key, "hex"));
	const sign = (iss: string, kid: string) =>
		forgeToken({ header: { alg: "ES256K", kid }, payload: claimsOf(iss), key });
	const shared = `${eighth.did}#shared`;
	expect((await verifier.verify(await sign(shared, shared))).issuer).toBe(eighth.did);
	expect((await verifier.verify(await sign(ninth.issuer, ninth.issuer))).issuer).toBe(ninth.did);
	const crossed = await sign(shared, ninth.issuer);
	await expectRefusal(() => verifier.verify(crossed), "token/key-id");
});
