/**
 * ORGiD registry contracts: read, write, deploy.
 * @module
 */
export { createRegistry, type RegistryOptions } from "./registry/create-registry.js";
export { type Deployment, deployRegistry } from "./registry/deploy-registry.js";
export { KNOWN_NETWORKS, type KnownNetwork, type KnownNetworkName } from "./registry/known-networks.js";
export type {
	Address,
	DocumentReference,
	OnChainKey,
	OrgRecord,
	RegistryKind,
} from "./registry/org-record.js";
export {
	orgIdRegistryAbi,
	orgIdRegistryBytecode,
	orgIdRegistryCodeHash,
} from "./registry/orgid-registry.contract.js";
export type {
	BlockTag,
	CreateReceipt,
	EventRange,
	NewKey,
	NewOrganization,
	ReadOptions,
	Registry,
	RegistryEvent,
	WatchOptions,
	WriteReceipt,
} from "./registry/registry.js";
