/** @module */
import * as v from "valibot";
import { PolicyError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { contractAddress, nodeOptionsSchema } from "../../registry/connection-schemas.js";
import type { Address } from "../../registry/org-record.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { type ContractLookupOptions, contractLookupShape, createContractLookup } from "./contract-lookup.js";

/** Options of {@link requireTokenBalance}. */
export interface TokenBalanceOptions extends ContractLookupOptions {
	/** The contract, 20 bytes as `0x…`. */
	readonly token: string;
	/** The minimum balance, in the token's smallest unit: one LIF is `10n ** 18n`. */
	readonly amount: bigint;
	/**
	 * Whose balance counts: `owner` (default) calls `balanceOf(address)` of an ERC-20 with the organization's owner,
	 * `organization` calls `balanceOf(bytes32)` with its id, as in Winding Tree's LifDeposit. An organization can be
	 * transferred to an account without that account's consent, so `owner` doesn't prove that the owner stands behind it.
	 */
	readonly holder?: "owner" | "organization" | undefined;
}

/** `balanceOf(address)` and `balanceOf(bytes32)`. */
const SELECTORS = { owner: "0x70a08231", organization: "0x6c7f1542" } as const;
const AMOUNT = "a positive bigint";

const schema = nodeOptionsSchema<TokenBalanceOptions>({
	...contractLookupShape,
	token: contractAddress,
	amount: v.pipe(v.bigint(AMOUNT), v.minValue(1n, AMOUNT)),
	holder: v.optional(v.picklist(["owner", "organization"], '"owner" or "organization"')),
});

/**
 * Creates a policy that requires an organization to hold a minimum balance of a token, such as a deposit. Balances are
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
	const { chainId, token: contract, amount, holder = "owner" } = options;
	const address = contract as Address;
	const code = "policy/balance";
	const details = Object.freeze({ chainId, token: address, amount: String(amount) });
	const balanceOf = createContractLookup(options, {
		address,
		selector: SELECTORS[holder],
		argument: holder,
		code,
		details,
	});
	return async function assertBalance(token) {
		if ((await balanceOf(token)) >= amount) return;
		throw new PolicyError(code, `expected a balance of at least ${amount} of the token ${address}`, { details });
	};
}
