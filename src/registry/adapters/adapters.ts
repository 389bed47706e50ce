/** @module */
import type { KnownAdapter, RegistryKind } from "./adapter.js";
import { orgIdV1 } from "./orgid-v1.js";
import { orgIdV3 } from "./orgid-v3.js";
import { orgpass } from "./orgpass.js";

/**
 * Every adapter by name, in the order in which a contract is compared with them. Of two generations that share
 * functions, the one with more of them comes first. For a contract behind a proxy, each may add a call.
 */
export const ADAPTERS: Readonly<Record<RegistryKind, KnownAdapter>> = {
	orgpass,
	"orgid-v3": orgIdV3,
	"orgid-v1": orgIdV1,
};
