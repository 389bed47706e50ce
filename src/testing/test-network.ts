/**
 * Everything a test of orgpass needs, in one call: a chain, a registry, organizations with keys and a resolver, with no
 * mocks.
 * @module
 */
import { type JsonRpcProvider, Wallet } from "ethers";
import * as v from "valibot";
import { assertOptions } from "../options/assert-options.js";
import { optionsSchema, wholeNumber } from "../options/schemas.js";
import { createRegistry } from "../registry/create-registry.js";
import { deployRegistry } from "../registry/deploy-registry.js";
import { createProvider } from "../registry/ethers-provider.js";
import type { Registry } from "../registry/registry.js";
import { createOrgIdResolver, type OrgIdResolver } from "../resolver/resolver.js";
import { createChainClock } from "./chain-clock.js";
import { type LocalChain, startLocalChain } from "./local-chain.js";
import { createTestOrganization, type TestOrganization } from "./test-organization.js";
import { unlockedAccount } from "./unlocked-account.js";

/** A tuple of the length given, or an array if its type is only `number`. */
export type Sized<T, Length extends number, List extends readonly T[] = readonly []> = number extends Length
	? readonly T[]
	: List["length"] extends Length
		? List
		: Sized<T, Length, readonly [...List, T]>;

/** Options of {@link startTestNetwork}. */
export interface TestNetworkOptions<Count extends number = number> {
	/** The number of organizations to create; 2 by default. */
	readonly organizations?: Count | undefined;
}

/** A running test network. */
export interface TestNetwork<Organizations extends readonly TestOrganization[] = readonly TestOrganization[]> {
	readonly rpcUrl: string;
	/** EIP-155 chain id, 31337. */
	readonly chainId: number;
	readonly provider: JsonRpcProvider;
	/** The registry contract; `connect` an account to it to write. */
	readonly registry: Registry;
	/** Funded accounts that own nothing. */
	readonly accounts: readonly [Wallet, Wallet, Wallet];
	/** The organizations, each with its own account and one key, `webserver`. */
	readonly organizations: Organizations;
	/** A resolver of this network. Changes made by an organization's methods take effect immediately. */
	readonly resolver: OrgIdResolver;
	/** The clock of this network, for verifiers and minters: seconds since the epoch, never behind the chain. */
	readonly now: () => number;
	/** Moves the chain's clock and {@link TestNetwork.now} forward. */
	advanceTime(seconds: number): Promise<void>;
	close(): Promise<void>;
}

const schema = optionsSchema<TestNetworkOptions>({
	organizations: v.optional(v.pipe(wholeNumber("a whole number"), v.minValue(0, "a whole number, zero or more"))),
});

/**
 * Starts a chain in this process, deploys the registry and creates organizations with keys. Requires the package
 * `hardhat` (3.18 or later), a peer dependency.
 *
 * @example
 * ```ts
 * import { createVerifier, orgid } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork({ organizations: 2 });
 * const [airline, hotel] = network.organizations;
 * const verifier = createVerifier({
 *   profiles: [orgid({ audience: hotel.did, resolver: network.resolver })],
 *   now: network.now,
 * });
 * const token = await airline.minter({ audience: hotel.did }).mint();
 * (await verifier.verify(token)).issuer === airline.did; // => true
 * await airline.revokeKey();
 * await verifier.verify(token).catch((error) => error.code); // => "did/key-revoked"
 * await network.close();
 * ```
 * @param options how many organizations
 * @returns the network, once everything is on chain
 * @throws {ConfigError} `config/hardhat-missing`, `config/unknown-option`, `config/invalid-option`
 */
export async function startTestNetwork<const Count extends number = 2>(
	options: TestNetworkOptions<Count> = {},
): Promise<TestNetwork<Sized<TestOrganization, Count>>> {
	assertOptions(schema, options, "startTestNetwork");
	const count: number = options.organizations ?? 2;
	const chain = await startLocalChain({ accountCount: count + 3 });
	const provider = createProvider(chain.rpcUrl, chain.chainId);
	provider.pollingInterval = 20;
	try {
		return await populate<Count>(chain, provider, count);
	} catch (error) {
		provider.destroy();
		await chain.close();
		throw error;
	}
}

async function populate<Count extends number>(
	chain: LocalChain,
	provider: JsonRpcProvider,
	count: number,
): Promise<TestNetwork<Sized<TestOrganization, Count>>> {
	const { rpcUrl, chainId } = chain;
	const wallets = chain.accounts.map(({ privateKey }) => new Wallet(privateKey, provider));
	const [first, second, third] = wallets.slice(count) as [Wallet, Wallet, Wallet];
	const { address } = await deployRegistry(unlockedAccount(provider, first.address));
	const registry = createRegistry({ chainId, address, provider });
	const clock = createChainClock(provider);
	const resolver = createOrgIdResolver({ networks: [{ chainId, registry }], now: clock.now });
	const organizations: TestOrganization[] = [];
	for (const owner of wallets.slice(0, count)) {
		organizations.push(await createTestOrganization({ registry, provider, owner, resolver, clock }));
	}
	await clock.sync();

	return Object.freeze({
		rpcUrl,
		chainId,
		provider,
		registry,
		accounts: Object.freeze([first, second, third] as const),
		organizations: Object.freeze(organizations) as Sized<TestOrganization, Count>,
		resolver,
		now: clock.now,
		advanceTime: clock.advance,
		async close() {
			resolver.close();
			provider.destroy();
			await chain.close();
		},
	});
}
