/** @module */
import type { Eip1193Provider } from "ethers";
import * as z from "zod/mini";
import { PolicyError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { secondsOrZero } from "../../options/schemas.js";
import { badResponse } from "../../registry/call-error.js";
import { connect, type EthersProvider } from "../../registry/connection.js";
import { contractAddress, nodeShape, oneNode } from "../../registry/connection-schemas.js";
import type { Address, OrgRecord } from "../../registry/org-record.js";
import { BoundedCache } from "../../resolver/bounded-cache.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { organizationOf } from "./organization.js";
import { markUndecided } from "./policy.js";

/** Options of {@link requireTokenBalance}. */
export interface TokenBalanceOptions {
	/** EIP-155 chain id of the contract; the organization must be on the same chain. */
	readonly chainId: number;
	/** URL of a JSON-RPC node (http or https). */
	readonly rpcUrl?: string | undefined;
	/** An ethers 6 or EIP-1193 provider, instead of `rpcUrl`. */
	readonly provider?: EthersProvider | Eip1193Provider | undefined;
	/** The contract, 20 bytes as `0x…`. */
	readonly token: string;
	/** The least balance, in the token's smallest unit: one LIF is `10n ** 18n`. */
	readonly amount: bigint;
	/**
	 * Whose balance counts: `owner` (default) calls `balanceOf(address)` of an ERC-20 with the organization's owner,
	 * `organization` calls `balanceOf(bytes32)` with its id, as in Winding Tree's LifDeposit. An organization can be
	 * transferred to an account without that account's consent, so `owner` doesn't prove that the owner stands behind it.
	 */
	readonly holder?: "owner" | "organization" | undefined;
	/** How long a balance is remembered, in seconds; 60 by default. */
	readonly cacheSeconds?: number | undefined;
}

interface Entry {
	readonly balance: bigint;
	readonly readAt: number;
}

const MAX_ENTRIES = 10_000;
/** `balanceOf(address)` and `balanceOf(bytes32)`. */
const SELECTORS = { owner: "0x70a08231", organization: "0x6c7f1542" } as const;
const AMOUNT = "a positive bigint";

const schema = z
	.strictObject(
		{
			...nodeShape,
			token: contractAddress,
			amount: z.bigint(AMOUNT).check(z.positive(AMOUNT)),
			holder: z.optional(z.enum(["owner", "organization"], '"owner" or "organization"')),
			cacheSeconds: z.optional(secondsOrZero),
		},
		"an object",
	)
	.check(oneNode);

/**
 * Creates a policy that requires an organization to hold a least balance of a token, such as a deposit. Balances are
 * remembered for a while, and simultaneous requests of an organization cause only one call.
 *
 * @example
 * ```ts
 * import { requireTokenBalance } from "orgpass/auth";
 *
 * const policy = requireTokenBalance({
 *   chainId: 100,
 *   rpcUrl: "https://rpc.example",
 *   token: `0x${"11".repeat(20)}`,
 *   amount: 1_000n * 10n ** 18n,
 * });
 * const token = { profile: "github-app", issuer: "7", keyId: "", claims: {}, scopes: [] };
 * await policy(token).catch((error) => error.code); // => "policy/organization"
 * ```
 * @param options the node, the contract and the amount
 * @returns the policy; it rejects with `policy/balance`, with `policy/organization` for tokens of other issuers, and with
 * `registry/*` (HTTP 503) if the balance can't be read
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see EIP-20
 */
export function requireTokenBalance(options: TokenBalanceOptions): (token: VerifiedToken) => Promise<void> {
	assertOptions(schema, options, "requireTokenBalance");
	const { chainId, rpcUrl, provider, amount, holder = "owner", cacheSeconds = 60 } = options;
	const address = options.token as Address;
	const connection = connect({ chainId, address, rpcUrl, provider });
	const known = new BoundedCache<Entry>(MAX_ENTRIES);
	const reads = new Map<string, Promise<bigint>>();
	const details = Object.freeze({ chainId, token: address, amount: String(amount) });

	return async function assertBalance(token) {
		const organization = organizationOf(token);
		if (organization.chainId !== chainId) {
			const message = `expected an organization of chain ${chainId}, got one of ${organization.chainId}`;
			throw markUndecided(new PolicyError("policy/balance", message, { details }));
		}
		if ((await balanceOf(argumentOf(organization))) >= amount) return;
		const message = `expected a balance of at least ${amount} of the token ${address}`;
		throw new PolicyError("policy/balance", message, { details });
	};

	/** Padded to 32 bytes. */
	function argumentOf({ owner, orgId }: OrgRecord): string {
		return (holder === "owner" ? owner : orgId).slice(2).toLowerCase().padStart(64, "0");
	}

	async function balanceOf(argument: string): Promise<bigint> {
		const entry = known.get(argument);
		if (entry !== undefined && performance.now() - entry.readAt < cacheSeconds * 1_000) return entry.balance;
		const reading = reads.get(argument) ?? read(argument).finally(() => reads.delete(argument));
		reads.set(argument, reading);
		return reading;
	}

	async function read(argument: string): Promise<bigint> {
		const readAt = performance.now();
		const call = { data: SELECTORS[holder] + argument, blockTag: "latest", isDivisible: false };
		const balance = await connection.call(call, decodeUint256);
		known.set(argument, { balance, readAt });
		return balance;
	}
}

function decodeUint256(answer: unknown): bigint {
	if (typeof answer === "string" && /^0x[0-9a-f]{64}$/i.test(answer)) return BigInt(answer);
	throw badResponse();
}
