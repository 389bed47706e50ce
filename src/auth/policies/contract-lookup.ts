/**
 * What a contract says about an organization: one number, remembered for a while.
 * @module
 */
import type { Eip1193Provider } from "ethers";
import * as v from "valibot";
import { BoundedCache } from "../../caching/bounded-cache.js";
import { PolicyError } from "../../errors/errors.js";
import { createSharedWork } from "../../network/shared-work.js";
import type { Observer } from "../../observe/observer.js";
import type { Shape } from "../../options/schemas.js";
import { secondsOrZero } from "../../options/value-schemas.js";
import { badResponse } from "../../registry/call-error.js";
import type { EthersProvider } from "../../registry/chain-reads.js";
import { connect } from "../../registry/connection.js";
import { nodeShape } from "../../registry/connection-schemas.js";
import type { Address, OrgRecord } from "../../registry/org-record.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { organizationOf } from "./organization.js";
import { markUndecided } from "./policy.js";

/** How to reach the contract. */
export interface ContractLookupOptions {
	/** EIP-155 chain id of the contract; the organization must be on the same chain. */
	readonly chainId: number;
	/** URL of a JSON-RPC node (http or https), or of several: each is asked if those before it fail. */
	readonly rpcUrl?: string | readonly string[] | undefined;
	/** How many of the nodes of `rpcUrl` must give the same response, at least 2; all of them are asked. */
	readonly agreement?: number;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: EthersProvider | Eip1193Provider | undefined;
	/** Observes the requests to the nodes of `rpcUrl`. */
	readonly observer?: Observer | undefined;
	/** How long an answer is remembered, in seconds; 60 by default. */
	readonly cacheSeconds?: number | undefined;
}

/** A view function of one argument, about the organization's owner (an address) or its id (32 bytes). */
export interface ContractFunction {
	readonly address: Address;
	/** Four bytes as `0x…`. */
	readonly selector: string;
	readonly argument: "owner" | "organization";
	/** The code of refusals, and their details. */
	readonly code: "policy/balance" | "policy/membership";
	readonly details: Readonly<Record<string, unknown>>;
}

interface Entry {
	readonly value: bigint;
	readonly readAt: number;
}

const MAX_ENTRIES = 10_000;

/** The shape of {@link ContractLookupOptions}, to spread into a policy's own. */
export const contractLookupShape: Shape<ContractLookupOptions> = {
	...nodeShape,
	cacheSeconds: v.optional(secondsOrZero),
};

/**
 * Creates the function that calls a contract for a token's organization and returns the result, a number. Simultaneous
 * requests of an organization cause only one call. Rejects with `registry/*` if the contract can't be called.
 */
export function createContractLookup(
	{ cacheSeconds = 60, ...nodes }: ContractLookupOptions,
	{ address, selector, argument, code, details }: ContractFunction,
): (token: VerifiedToken) => Promise<bigint> {
	const { chainId } = nodes;
	const connection = connect({ ...nodes, address });
	const known = new BoundedCache<Entry>(MAX_ENTRIES);
	const reads = createSharedWork<bigint>();

	return async function lookUp(token) {
		const organization = organizationOf(token);
		if (organization.chainId !== chainId) {
			const message = `expected an organization of chain ${chainId}, got one of ${organization.chainId}`;
			throw markUndecided(new PolicyError(code, message, { details }));
		}
		return valueFor(argumentOf(organization));
	};

	/** Padded to 32 bytes. */
	function argumentOf({ owner, orgId }: OrgRecord): string {
		return (argument === "owner" ? owner : orgId).slice(2).toLowerCase().padStart(64, "0");
	}

	async function valueFor(encoded: string): Promise<bigint> {
		const entry = known.get(encoded);
		if (entry !== undefined && performance.now() - entry.readAt < cacheSeconds * 1_000) return entry.value;
		return reads.run(encoded, () => read(encoded));
	}

	async function read(encoded: string): Promise<bigint> {
		const readAt = performance.now();
		const call = { data: selector + encoded, blockTag: "latest", isDivisible: false };
		const value = await connection.call(call, decodeWord);
		known.set(encoded, { value, readAt });
		return value;
	}
}

function decodeWord(answer: unknown): bigint {
	if (typeof answer === "string" && /^0x[0-9a-f]{64}$/i.test(answer)) return BigInt(answer);
	throw badResponse();
}
