import { expect, it } from "vitest";
import { exportKeystore } from "../../src/keys/export-private-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importWithoutChunks } from "../support/page-without-chunks.ts";

type KeysModule = typeof import("../../src/keys.ts");

const SCALAR = `0x${"11".repeat(32)}`;

it("a page that can't load what reads keystores reports an outage, and still imports other keys", async () => {
	const keystore = await exportKeystore(await importPrivateKey(SCALAR), "password", { n: 1024 });
	const page = await importWithoutChunks<KeysModule>("src/keys.ts");
	const key = await page.importPrivateKey(SCALAR);
	expect(page.thumbprint(key.publicKey)).toBe("3eIqgZkTuDgymqMlHK9OqAP1ooHa9LYP2n7bWm71lb4");
	const outage = { code: "key/unreachable", cause: expect.any(Error) };
	await expect(page.importPrivateKey(keystore, { password: "password" })).rejects.toMatchObject(outage);
	await expect(page.exportKeystore(key, "password", { n: 1024 })).rejects.toMatchObject(outage);
});

it("a page that can't load advice about keys rejects the key all the same, without advice", async () => {
	const page = await importWithoutChunks<KeysModule>("src/keys.ts");
	await expect(page.importPrivateKey("key.pem")).rejects.toMatchObject({
		code: "key/unrecognized",
		message: "the text is not a PEM, JWK, keystore or hexadecimal key",
	});
});
