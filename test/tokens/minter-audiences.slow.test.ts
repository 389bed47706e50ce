import { expect, it } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { signSync } from "../../src/keys/private-key.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";

it("a minter remembers the tokens of 1,000 audiences", async () => {
	const { privateKey, publicKey } = await generateKeyPair();
	let signatures = 0;
	const minter = createOrgIdMinter({
		issuer: `did:orgid:100:0x${"0a".repeat(32)}#webserver`,
		now: () => 1_000,
		key: {
			algorithm: "ES256K",
			publicKey,
			sign: async (bytes) => {
				signatures += 1;
				return signSync(privateKey, bytes);
			},
		},
	});
	for (let audience = 0; audience <= 1_000; audience += 1) await minter.token({ audience: String(audience) });
	expect(signatures).toBe(1_001);
	await minter.token({ audience: "1" });
	expect(signatures).toBe(1_001);
	await minter.token({ audience: "0" });
	expect(signatures).toBe(1_002);
});
