/** The memory that remembered tokens take. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { forgeKind, verifierOfKinds } from "../support/token-kinds.ts";

const MEBIBYTE = 2 ** 20;
const BODIES = 100;

/** In bytes, on the heap and in the texts outside it. */
function memoryUsed(): number {
	setFlagsFromString("--expose-gc");
	(runInNewContext("gc") as () => void)();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

it("T89: a remembered token doesn't keep the text in memory that it was cut out of", async () => {
	const verifier = verifierOfKinds(["ioctl"]);
	const verifyPartOfBody = async (jti: string): Promise<unknown> => {
		const token = await forgeKind("ioctl", { jti });
		const body = Buffer.concat([Buffer.alloc(MEBIBYTE, "a"), Buffer.from(token)]).toString("latin1");
		return verifier.verify(body.slice(MEBIBYTE));
	};
	await verifyPartOfBody("first");
	const before = memoryUsed();
	for (let count = 0; count < BODIES; count++) await verifyPartOfBody(`${count}`);
	// V8 frees buffers on another thread, after the collection.
	const kept = expect.poll(() => memoryUsed() - before, { timeout: 30_000 });
	await kept.toBeLessThan((BODIES / 4) * MEBIBYTE);
	await verifier.verify(await forgeKind("ioctl"));
});
