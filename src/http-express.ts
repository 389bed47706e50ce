/**
 * Bearer authentication for Express.
 * @module
 */

export { bearerAuth, type ExpressAuth } from "./http/express.js";
export type { GuardOptions, RouteOptions } from "./http/guard.js";
