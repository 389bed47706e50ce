/**
 * Bearer authentication for Fastify.
 * @module
 */

export { type BearerHook, bearerAuth, type FastifyBearer } from "./http/fastify.js";
export type { GuardOptions, RouteOptions } from "./http/guard.js";
