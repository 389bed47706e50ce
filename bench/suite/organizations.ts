/**
 * Organizations, a resolver that looks them up, and their tokens.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
	createOrgIdMinter,
	createOrgIdResolver,
	createVerifier,
	type OrgIdResolver,
	orgid,
	type Verifier,
} from "orgpass";
import { FRAGMENT, keyOf } from "./organization-keys.ts";

const CHAIN_ID = 31_337;
const REGISTRY = `0x${"11".repeat(20)}` as const;
const LIFETIME_SECONDS = 43_200;
/** Longer than a run takes. */
const TTL_SECONDS = 86_400;

/** The server that all tokens are for. */
export const AUDIENCE: string = didOf(1);

export interface Organizations {
	readonly resolver: OrgIdResolver;
	/** Creates a verifier that uses the resolver. */
	verifier(): Verifier;
	close(): void;
}

/** Starts a node in a process of its own, and creates a resolver that can know so many organizations. */
export async function startOrganizations(maxEntries = 1_000): Promise<Organizations> {
	const node: ChildProcess = fork(new URL("../registry-node.ts", import.meta.url), { execArgv: [] });
	const [rpcUrl] = (await once(node, "message")) as [string];
	const resolver = createOrgIdResolver({
		networks: [{ chainId: CHAIN_ID, rpcUrl, registry: REGISTRY }],
		documents: false,
		cache: { maxEntries, ttlSeconds: TTL_SECONDS },
	});
	return {
		resolver,
		verifier: () => createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] }),
		close() {
			resolver.close();
			node.disconnect();
		},
	};
}

/** Mints tokens of `issuers` organizations in turn, each token once. */
export function mintTokens(count: number, issuers: number, claims: object = {}): Promise<string[]> {
	const audience = AUDIENCE;
	const minters = Array.from({ length: Math.min(issuers, count) }, (_, index) => {
		const [key, issuer] = [keyOf(didOf(2 + index)), `${didOf(2 + index)}#${FRAGMENT}`];
		return createOrgIdMinter({ key, issuer, audience, lifetimeSeconds: LIFETIME_SECONDS });
	});
	return Promise.all(
		Array.from({ length: count }, (_, index) =>
			(minters[index % minters.length] as (typeof minters)[number]).mint({ scope: "book", claims: { ...claims } }),
		),
	);
}

/** The DID of an organization, by its number. */
export function didOf(index: number): string {
	return `did:orgid:${CHAIN_ID}:0x${index.toString(16).padStart(64, "0")}`;
}
