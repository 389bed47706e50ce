/**
 * Finds the account of an organization that made a signature: by recovery, or by asking the accounts that are
 * contracts.
 * @module
 */
import type { Eip1193Provider } from "ethers";
import * as v from "valibot";
import { parseChainId } from "../../did/did-url.js";
import type { Awaitable } from "../../encoding/awaitable.js";
import { encodeHex } from "../../encoding/hex.js";
import { DidError } from "../../errors/errors.js";
import { isHexAddress } from "../../keys/address.js";
import { recoverAccount } from "../../keys/recover-address.js";
import type { Shape } from "../../options/schemas.js";
import { ZERO_ADDRESS } from "../../registry/adapters/decode-organization.js";
import type { EthersProvider } from "../../registry/chain-reads.js";
import type { Address, OrgRecord } from "../../registry/org-record.js";
import type { ResolvedOrganization } from "../orgid/resolve-organization.js";
import { type ContractAccounts, createContractAccounts } from "./erc1271.js";

/** Options of the profiles of account-signed tokens. */
export interface AccountProviders {
	/**
	 * The nodes that verify the signatures of accounts that are contracts, such as a Safe (ERC-1271), by chain id.
	 * Without a node for its chain, such a signature is refused.
	 */
	readonly providers?: Readonly<Record<number, EthersProvider | Eip1193Provider>> | undefined;
}

/** The shape of {@link AccountProviders}, to spread into a profile's own. */
export const PROVIDER_OPTIONS: Shape<AccountProviders> = {
	providers: v.optional(v.custom(isProviders, "an object of ethers or EIP-1193 providers by chain id")),
};

/** An account that may have signed. */
export interface CandidateAccount {
	/** The DID URL of the account. */
	readonly keyId: string;
	readonly account: Address;
}

/** Finds the account that made a signature. */
export interface AccountSigners {
	/** Extra text for error messages about this chain. */
	readonly hint: (chainId: number) => string;
	/**
	 * Returns the DID URL of the first candidate that signed, or undefined if none did; a promise if contracts are asked,
	 * whose answers can change at any time.
	 */
	find(
		chainId: number,
		candidates: readonly CandidateAccount[],
		digest: Uint8Array,
		signature: Uint8Array,
	): Awaitable<string | undefined>;
}

/** Creates a profile's signer finder. */
export function createAccountSigners(providers: AccountProviders["providers"] = {}): AccountSigners {
	const chains = new Map<number, ContractAccounts>();
	for (const [chainId, provider] of Object.entries(providers)) {
		chains.set(Number(chainId), createContractAccounts(Number(chainId), provider));
	}
	return {
		hint: (chainId) => (chains.has(chainId) ? "" : ` (contract accounts need providers[${chainId}])`),
		find(chainId, candidates, digest, signature) {
			const account = recoverAccount(digest, signature);
			const recovered = account && encodeHex(account);
			const signer = candidates.find((candidate) => candidate.account.toLowerCase() === recovered);
			if (signer !== undefined) return signer.keyId;
			const contracts = chains.get(chainId);
			if (contracts === undefined || signature.length === 0) return undefined;
			return findContract(contracts, candidates, digest, signature);
		},
	};
}

async function findContract(
	contracts: ContractAccounts,
	candidates: readonly CandidateAccount[],
	digest: Uint8Array,
	signature: Uint8Array,
): Promise<string | undefined> {
	for (const { keyId, account } of candidates) {
		if (await contracts.isSignedBy(account, digest, signature)) return keyId;
	}
	return undefined;
}

/** Returns the registry's record, the only source for an organization's owner and director. */
export function recordOf({ organization }: ResolvedOrganization, did: string): OrgRecord {
	if (organization === undefined) {
		const message = `expected the registry's record of ${did}, got a document alone: use createOrgIdResolver`;
		throw new DidError("did/resolution", message);
	}
	const { owner, director, registry } = organization;
	if (isAddress(owner) && isAddress(registry) && (director === undefined || isAddress(director))) {
		return organization;
	}
	throw new DidError("did/resolution", `the resolver's record of ${did} doesn't have valid addresses`);
}

/** A resolver of another kind may return anything. */
function isAddress(value: unknown): boolean {
	return typeof value === "string" && isHexAddress(value);
}

/** Returns the account that may sign as the owner or director, if there is one. */
export function candidateOf(
	{ did, owner, director }: OrgRecord,
	fragment: "owner" | "director",
): CandidateAccount | undefined {
	const account = fragment === "owner" ? owner : director;
	if (account === undefined || account === ZERO_ADDRESS) return undefined;
	return { keyId: `${did}#${fragment}`, account };
}

function isProviders(value: unknown): boolean {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	return Object.entries(value).every(
		([chainId, provider]) => parseChainId(chainId) !== undefined && isProvider(provider),
	);
}

function isProvider(value: unknown): boolean {
	const { call, request } = (value ?? {}) as { readonly call?: unknown; readonly request?: unknown };
	return typeof call === "function" || typeof request === "function";
}
