/**
 * A local chain with a registry, organizations and tokens, for test suites. Needs `hardhat`.
 * @module
 */
export type { LocalAccount } from "./registry/local-accounts.js";
export {
	type LocalChain,
	type LocalChainOptions,
	startLocalChain,
} from "./testing/local-chain.js";
export {
	type Sized,
	startTestNetwork,
	type TestNetwork,
	type TestNetworkOptions,
} from "./testing/test-network.js";
export type { TestMinterOptions, TestOrganization } from "./testing/test-organization.js";
