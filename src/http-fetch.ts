/**
 * Bearer authentication for fetch-style handlers, and the core it is built on.
 * @module
 */
export { type Bearer, type BearerOptions, createBearer, type Denied, type Granted } from "./http/bearer.js";
export { type AuthenticatedHandler, bearerAuth } from "./http/fetch.js";
