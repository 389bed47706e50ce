/**
 * What orgpass stores in Redis, for several machines.
 * @module
 */
export { createRedisReplayStore, type RedisClient, type RedisReplayStoreOptions } from "./auth/replay/redis-store.js";
export type { ReplayStore } from "./auth/replay/replay-store.js";
