/**
 * ORGiD registry contracts: read, write, deploy.
 * @module
 */
export type {
	AdapterWrites,
	ContractCall,
	ContractError,
	ContractErrors,
	ContractReader,
	ReadResult,
	RegistryAdapter,
	RegistryKind,
} from "./registry/adapters/adapter.js";
export type { BlockTag } from "./registry/block.js";
export type { EthersProvider } from "./registry/chain-reads.js";
export { createRegistry } from "./registry/create-registry.js";
export { type Deployment, deployRegistry } from "./registry/deploy-registry.js";
export { KNOWN_NETWORKS, type KnownNetwork, type KnownNetworkName } from "./registry/known-networks.js";
export type { FollowOptions, LogFollower, LogListener, LogUpdate } from "./registry/log/log-follower.js";
export type { LogEntry, RegistryEvent } from "./registry/log/registry-event.js";
export type { RegistryOptions } from "./registry/open-registry.js";
export type {
	Address,
	DocumentEvidence,
	DocumentReference,
	OnChainKey,
	OrganizationState,
	OrgRecord,
} from "./registry/org-record.js";
export {
	orgIdRegistryAbi,
	orgIdRegistryBytecode,
	orgIdRegistryCodeHash,
} from "./registry/orgid-registry.contract.js";
export type {
	EventRange,
	ReadOptions,
	Registry,
	StateReadOptions,
	WatchOptions,
} from "./registry/registry.js";
export type {
	CreateReceipt,
	NewKey,
	NewOrganization,
	RegistryChanges,
	WriteReceipt,
} from "./registry/registry-changes.js";
export type { TransactionAccount } from "./registry/transaction-account.js";
export { createWalletAccount } from "./registry/wallet-account.js";
