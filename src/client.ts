/**
 * A `fetch` that signs in.
 * @module
 */
export { type AuthFetch, type AuthFetchOptions, createAuthFetch } from "./client/auth-fetch.js";
export type { OriginAudience } from "./client/origin-audiences.js";
