/**
 * What orgpass stores in Redis, for several machines.
 * @module
 */
export { createRedisReplayStore, type RedisClient, type RedisReplayStoreOptions } from "./auth/replay/redis-store.js";
export type { ReplayStore } from "./auth/replay/replay-store.js";
export type { RecordStore, SharedCacheOptions, StoredText, StoreListener } from "./resolver/sharing/record-store.js";
export {
	createRedisRecordStore,
	type RedisRecordClient,
	type RedisRecordStoreOptions,
	type RedisSubscriber,
} from "./resolver/sharing/redis-store.js";
