/**
 * Bearer authentication for Hono.
 * @module
 */
export type { GuardOptions, RouteOptions } from "./http/guard.js";
export { type AuthEnv, bearerAuth, type HonoAuth } from "./http/hono.js";
