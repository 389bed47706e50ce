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
export const REGISTRY = `0x${"11".repeat(20)}` as const;
const LIFETIME_SECONDS = 43_200;
/** Longer than a run takes. */
const TTL_SECONDS = 86_400;

/** The server that all tokens are for. */
export const AUDIENCE: string = didOf(1);

export interface Organizations {
	readonly resolver: OrgIdResolver;
	/** Creates a verifier that uses the resolver and remembers a thousand tokens, so that it also has to forget some. */
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
		verifier: () =>
			createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], cache: { maxEntries: 1_000 } }),
		close() {
			resolver.close();
			node.disconnect();
		},
	};
}

/** Mints different tokens of so many issuers, spread over all of them; the first ones are from one issuer each. */
export async function mintTokens(count: number, issuers: number, claims: object = {}): Promise<string[]> {
	const step = Math.max(1, Math.floor(issuers / count));
	const used = Math.min(count, issuers);
	const minters = Array.from({ length: used }, (_, index) => createMinterOf(index * step));
	const tokens: string[] = [];
	for (let index = 0; index < count; index++) {
		const minter = minters[index % used] as (typeof minters)[number];
		tokens.push(await minter.mint({ scope: "book", claims: { ...claims } }));
	}
	return tokens;
}

/** A minter of the issuer with this index, counted from 0. */
export function createMinterOf(index: number): ReturnType<typeof createOrgIdMinter> {
	const did = issuerDid(index);
	const issuer = `${did}#${FRAGMENT}`;
	return createOrgIdMinter({ key: keyOf(did), issuer, audience: AUDIENCE, lifetimeSeconds: LIFETIME_SECONDS });
}

/** The DID of the issuer with this index, counted from 0. */
export function issuerDid(index: number): string {
	return didOf(2 + index);
}

function didOf(index: number): string {
	return `did:orgid:${CHAIN_ID}:0x${index.toString(16).padStart(64, "0")}`;
}
