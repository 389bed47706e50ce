import { expect, it } from "vitest";
import { exportKeystore, exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { expectCode } from "./sample-keys.ts";

const { privateKey } = await generateKeyPair();
const keystore = await exportKeystore(privateKey, "password", { n: 1_024 });
const { address, ...withoutAddress } = keystore;

it.each<[string, object | string]>([
	["its address", keystore],
	["0x and capitals in its address", { ...keystore, address: `0x${address?.toUpperCase()}` }],
	["no address", withoutAddress],
	["JSON as text", JSON.stringify(keystore)],
])("a keystore with %s opens with its password only", async (_what, file) => {
	const key = await importPrivateKey(file as string, { password: "password" });
	expect(exportPrivateKey(key, "hex")).toBe(exportPrivateKey(privateKey, "hex"));
	await expectCode(() => importPrivateKey(file as string, { password: "another" }), "key/password-wrong");
});

it("a keystore with another key's address is refused", async () => {
	const file = { ...keystore, address: "0a".repeat(20) };
	await expectCode(() => importPrivateKey(file, { password: "password" }), "key/mismatch", /address doesn't match/);
});
