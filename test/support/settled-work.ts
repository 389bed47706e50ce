/**
 * After every test file: a file that leaves shared work unsettled fails here. The next file in the process, which might wait
 * for all such work, would never end. A setup file.
 * @module
 */
import { afterAll } from "vitest";

afterAll(async () => {
	const { settleSharedWork } = await import("../../src/network/shared-work.ts");
	await settleSharedWork();
});
