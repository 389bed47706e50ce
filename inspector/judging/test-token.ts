/**
 * Test tokens: a local chain's accounts put a throw-away key of this page on chain, so that the token is accepted.
 * @module
 */
import { generateKeyPair } from "orgpass/keys";
import { createWalletAccount, type OrgRecord, type Registry } from "orgpass/registry";
import { createOrgIdMinter } from "orgpass/tokens";
import type { Connection } from "../network.ts";
import { createNodeProvider, type Eip1193Provider } from "../node-provider.ts";
import type { Sample } from "./samples.ts";

/** A minted token. Its private key is forgotten. */
export interface TestToken extends Sample {
	/** The DID of its issuer. */
	readonly organization: string;
	/** The DID URL of its key. */
	readonly issuer: string;
	/** Revokes its key. */
	revoke(): Promise<void>;
}

/** What a test token is made of. */
export interface TestTokenOptions {
	/** The issuer, one of {@link findOrganizations}; a new organization by default. */
	readonly organization: OrgRecord | undefined;
	/** A DID; empty to choose an organization of the chain. */
	readonly audience: string;
}

/** How many of the latest organizations are listed. */
const MAX_ORGANIZATIONS = 20;
const SCOPE = "read";

/** Returns the latest organizations of the node's accounts, the last one first. */
export async function findOrganizations({ reader, rpcUrl }: Connection): Promise<readonly OrgRecord[]> {
	const accounts = await readAccounts(createNodeProvider(rpcUrl));
	const records = await readLatest(reader);
	return records.filter(({ owner, active }) => active && accounts.includes(owner.toLowerCase()));
}

/** Makes a key pair, registers the public key and mints a token with the private key. */
export async function makeTestToken(
	{ reader, rpcUrl }: Connection,
	{ organization, audience }: TestTokenOptions,
): Promise<TestToken> {
	const provider = createNodeProvider(rpcUrl);
	const owner = organization?.owner ?? (await readAccounts(provider))[0];
	if (owner === undefined) throw new Error("the node has no accounts");
	const registry = reader.connect(createWalletAccount(provider, owner));
	const { did, orgId } = organization ?? (await registry.createOrganization());
	const { privateKey, publicKey } = await generateKeyPair();
	const fragment = `test-${crypto.randomUUID().slice(0, 8)}`;
	const issuer = `${did}#${fragment}`;
	const verifier = audience || (await findAudience(reader, did));
	const minter = createOrgIdMinter({ key: privateKey, issuer, audience: verifier });
	await registry.addKey(orgId, { fragment, publicKey });
	return {
		organization: did,
		issuer,
		token: await minter.mint({ scope: SCOPE }),
		filled: { audience: verifier },
		revoke: async () => void (await registry.revokeKey(orgId, fragment)),
	};
}

async function readAccounts(provider: Eip1193Provider): Promise<readonly string[]> {
	const accounts = (await provider.request({ method: "eth_accounts" })) as readonly string[];
	return accounts.map((account) => account.toLowerCase());
}

async function readLatest(reader: Registry): Promise<readonly OrgRecord[]> {
	const latest = (await reader.list()).slice(-MAX_ORGANIZATIONS).reverse();
	const records = await Promise.all(latest.map((orgId) => reader.read(orgId)));
	return records.filter((record) => record !== undefined);
}

/** Another organization; the issuer itself if it is the only one. */
async function findAudience(reader: Registry, issuer: string): Promise<string> {
	const other = (await readLatest(reader)).find(({ did, active }) => active && did !== issuer);
	return other?.did ?? issuer;
}
