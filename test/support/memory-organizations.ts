/**
 * Organizations in memory behind an adapter, and resolvers of them: no chain and no node, so that a test may look up as
 * much as it likes.
 * @module
 */
import { onTestFinished } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import type { RegistryAdapter } from "../../src/registry/adapters/adapter.ts";
import type { DocumentEvidence, OnChainKey, OrganizationState } from "../../src/registry/org-record.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdNetwork, OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { greet } from "./fake-node.ts";

export const CHAIN_ID = 31_337;
export const OWNER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
export const orgIdOf = (index: number): OrgId => `0x${index.toString(16).padStart(64, "0")}`;
export const didOf = (index: number): string => `did:orgid:${CHAIN_ID}:${orgIdOf(index)}`;

/** The generator of the curve (SEC 2 section 2.4.1). */
const POINT =
	"0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";

export function keyOf(fragment: string, members: Partial<OnChainKey> = {}): OnChainKey {
	return { fragment, publicKeyHex: POINT, validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0, ...members };
}

export interface MemoryOrganizations {
	readonly network: OrgIdNetwork;
	/** By id; those without an entry don't exist. */
	readonly states: Map<OrgId, Partial<OrganizationState>>;
	/** Revoked keys and others that no state lists, by id and name. */
	readonly unlisted: Map<string, OnChainKey>;
	/** What was read: `read <org id>` or `key <name>`. */
	readonly calls: string[];
	/** Waited for by each read. */
	delay: () => Promise<unknown>;
	block: number;
	isDown: boolean;
	/** Closed after the test. */
	resolver(options?: Partial<OrgIdResolverOptions>): OrgIdResolver;
}

/** An empty registry. Its clock is `now`. */
export function createMemoryOrganizations(
	now: () => number,
	documentEvidence: DocumentEvidence = "hash",
): MemoryOrganizations {
	const adapter: RegistryAdapter = {
		name: "in memory",
		documentEvidence,
		abi: [],
		maxBatch: 100,
		creationEvent: "Created",
		async read(_reader, orgId) {
			await answer(`read ${orgId}`);
			const state = memory.states.get(orgId);
			return state && { owner: OWNER, active: true, keys: [], blockNumber: memory.block, ...state };
		},
		async readKey(_reader, orgId, fragment) {
			await answer(`key ${fragment}`);
			const listed = memory.states.get(orgId)?.keys?.find((key) => key.fragment === fragment);
			return listed ?? memory.unlisted.get(`${orgId} ${fragment}`);
		},
		list: async () => [],
		writes: { createOrganization: () => ["create", []] },
	};
	const provider = {
		async request({ method }: { readonly method: string }): Promise<unknown> {
			const answered = greet(method);
			return answered !== undefined && "result" in answered ? answered.result : `0x${memory.block.toString(16)}`;
		},
	};
	const memory: MemoryOrganizations = {
		network: { chainId: CHAIN_ID, provider, registry: `0x${"5e".repeat(20)}`, adapter },
		states: new Map(),
		unlisted: new Map(),
		calls: [],
		delay: () => Promise.resolve(),
		block: 100,
		isDown: false,
		resolver(options) {
			const resolver = createOrgIdResolver({
				networks: [memory.network],
				documents: { allowData: true },
				now,
				...options,
			});
			onTestFinished(() => resolver.close());
			return resolver;
		},
	};
	return memory;

	async function answer(call: string): Promise<void> {
		memory.calls.push(call);
		await memory.delay();
		if (memory.isDown) throw new RegistryError("registry/unreachable", "down");
	}
}
