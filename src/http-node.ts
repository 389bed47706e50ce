/**
 * Bearer authentication for `node:http`.
 * @module
 */
export type { GuardOptions, RouteOptions } from "./http/guard.js";
export {
	bearerAuth,
	type NodeAuth,
	type NodeProtect,
	type NodeServerRequest,
	type NodeServerResponse,
} from "./http/node.js";
