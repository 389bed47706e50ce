/**
 * Bearer authentication for Express.
 * @module
 */

export { bearerAuth, type ExpressAuth, type ExpressMiddleware } from "./http/express.js";
export type { GuardOptions, RouteOptions } from "./http/guard.js";
