/**
 * Tokens of IoTeX's ioctl: the issuer is the key.
 * @module
 */
import { randomInt, randomUUID } from "node:crypto";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { createIoctlMinter } from "../../src/tokens/ioctl/ioctl-minter.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { keyFiles } from "./keys.ts";
import type { Identity, Stage } from "./stage.ts";

const OPERATIONS = ["Create", "Read", "Update", "Delete"] as const;
const LIFE_SECONDS = 600;

/** The verifier trusts the very keys that sign the organization's tokens. */
export function createIoctlStage(keys: readonly PrivateKey[]): Stage {
	const judge = ioctl({ trustedIssuers: keys.map(({ publicKey }) => publicKey) });
	const verifier = createVerifier({ profiles: [judge] });
	return {
		profile: "ioctl",
		isEcdsa: true,
		identities: keys.map(identityOf),
		tokenCount: 1_000,
		judge,
		verify: (token) => verifier.verify(token),
	};
}

function identityOf(key: PrivateKey, at: number): Identity {
	const issuer = `0x${Buffer.from(exportPublicKey(key.publicKey, "bytes")).toString("hex")}`;
	const minter = createIoctlMinter({ key });
	return {
		files: { ...keyFiles(key, at), profile: "ioctl", algorithm: "ES256", issuer, audience: "" },
		mint: () => minter.mint({ resource: randomResource(), operation: randomOperation() }),
		claims() {
			const iat = nowSeconds();
			const sub = randomResource();
			return { exp: iat + LIFE_SECONDS, iat, iss: issuer, sub, scope: randomOperation() };
		},
	};
}

/** With the characters that Go escapes, and those it doesn't. */
function randomResource(): string {
	return `https://hotel.example/zimmer/東京?id=${randomUUID()}&<"ü\u2028🛏">`;
}

function randomOperation(): string {
	return OPERATIONS[randomInt(OPERATIONS.length)] as string;
}
