/**
 * After every test file: one that leaves shared work unsettled fails, because it waits here for ever. Otherwise a later file
 * of the process would, if it waits for all such work. A setup file.
 * @module
 */
import { afterAll } from "vitest";

afterAll(async () => {
	const { settleSharedWork } = await import("../../src/network/shared-work.ts");
	await settleSharedWork();
});
