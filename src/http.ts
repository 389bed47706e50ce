/**
 * Bearer authentication without a framework. All adapters are built on it.
 * @module
 */
export type { RouteRequirements } from "./auth/route-requirements.js";
export {
	type Authenticated,
	type Bearer,
	type BearerOptions,
	type ClaimsSchema,
	createBearer,
	type Decision,
	type Granted,
} from "./http/bearer.js";
export type { Denied } from "./http/denial.js";
export type { RequestFacts } from "./http/guard.js";
export { type LogFields, toLogFields } from "./http/log-fields.js";
export { type NodeRequest, readFetchRequest, readNodeRequest } from "./http/request-facts.js";
