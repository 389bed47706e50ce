/**
 * Bearer authentication for fetch-style handlers.
 * @module
 */
export { type AuthHandler, bearerAuth, type FetchAuth, type Protect } from "./http/fetch.js";
export type { GuardOptions, RouteOptions } from "./http/guard.js";
