/**
 * An organization of a test network, with methods for everything a real one does.
 * @module
 */
import type { JsonRpcProvider, Wallet } from "ethers";
import type { OrgId } from "../did/did-url.js";
import { generateKeyPair } from "../keys/generate.js";
import type { PrivateKey } from "../keys/private-key.js";
import type { Address } from "../registry/org-record.js";
import type { Registry } from "../registry/registry.js";
import type { OrgIdResolver } from "../resolver/resolver.js";
import type { OrganizationTokenOptions } from "../tokens/orgid/organization-minter.js";
import { createOrgIdMinter, type OrgIdMinterOptions } from "../tokens/orgid/orgid-minter.js";
import type { Minter } from "../tokens/token-kind.js";
import type { ChainClock } from "./chain-clock.js";
import { unlockedAccount } from "./unlocked-account.js";

/** Options of a test organization's minter: those of `createOrgIdMinter`, all optional. */
export type TestMinterOptions = Partial<Omit<OrgIdMinterOptions, "now">>;

/** An organization on a test network. When a method changes it, the network's resolver forgets it. */
export interface TestOrganization {
	/** Canonical DID. */
	readonly did: string;
	readonly orgId: OrgId;
	/** The account that created it. */
	readonly owner: Wallet;
	readonly key: PrivateKey;
	/** DID URL of its current `key`, the `iss` of its tokens. */
	readonly issuer: string;
	/** Creates a minter with its current key and the network's clock. */
	minter(options?: TestMinterOptions): Minter<OrganizationTokenOptions>;
	revokeKey(): Promise<void>;
	/** Replaces the current key, and revokes the old one if it isn't revoked yet. */
	rotateKey(): Promise<void>;
	deactivate(): Promise<void>;
	activate(): Promise<void>;
	/** Transfers it to another account. Afterwards `owner` can no longer change it. */
	transfer(newOwner: Address): Promise<void>;
}

interface TestContext {
	readonly registry: Registry;
	readonly provider: JsonRpcProvider;
	readonly owner: Wallet;
	readonly resolver: OrgIdResolver;
	readonly clock: ChainClock;
}

/** Creates an organization with one key named `webserver`. */
export async function createTestOrganization(context: TestContext): Promise<TestOrganization> {
	const { provider, owner, resolver, clock } = context;
	const registry = context.registry.connect(unlockedAccount(provider, owner.address));
	const { did, orgId } = await registry.createOrganization();
	let keyCount = 1;
	let isRevoked = false;
	let fragment = "webserver";
	let key = await addKey(fragment);

	return Object.freeze({
		did,
		orgId,
		owner,
		get key() {
			return key;
		},
		get issuer() {
			return `${did}#${fragment}`;
		},
		minter: (options: TestMinterOptions = {}) =>
			createOrgIdMinter({ key, issuer: `${did}#${fragment}`, now: clock.now, ...options }),
		revokeKey: () => change(() => revoke(fragment)),
		rotateKey: () => change(rotateKey),
		deactivate: () => change(() => registry.setActive(orgId, false)),
		activate: () => change(() => registry.setActive(orgId, true)),
		transfer: (newOwner: Address) => change(() => registry.transferOwnership(orgId, newOwner)),
	});

	async function addKey(name: string): Promise<PrivateKey> {
		const { privateKey, publicKey } = await generateKeyPair();
		await registry.addKey(orgId, { fragment: name, publicKey });
		return privateKey;
	}

	async function rotateKey(): Promise<void> {
		const old = fragment;
		const next = `webserver-${keyCount + 1}`;
		key = await addKey(next);
		fragment = next;
		keyCount += 1;
		if (!isRevoked) await revoke(old);
		isRevoked = false;
	}

	async function revoke(name: string): Promise<void> {
		await registry.revokeKey(orgId, name);
		isRevoked = true;
	}

	async function change(work: () => Promise<unknown>): Promise<void> {
		await work();
		await clock.sync();
		resolver.invalidate(did);
	}
}
