import { computeAddress, encryptKeystoreJson, Wallet } from "ethers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { expectRefusal } from "../support/cli-world.ts";
import { ACCOUNT, createIoctlWorld, type IoctlWorld, PASSWORD } from "../support/ioctl-folder.ts";
import { describeWithVectors } from "../vectors.ts";

vi.mock("@noble/hashes/scrypt.js", () => import("../support/scrypt-thread.ts"));

/** Made by ethers 6 with the parameters that ioctl uses; its password is PASSWORD. */
const STANDARD = {
	address: "19e7e376e7c213b7e7e7e46cc70a5dd086daff2a",
	id: "b4bcab87-9de2-4b0b-980f-b62ce5fc961a",
	version: 3,
	Crypto: {
		cipher: "aes-128-ctr",
		cipherparams: { iv: "564c6494c2a46c7fba540ac33e8061c2" },
		ciphertext: "c5030ed160fc59843342844d8b88bd1d08fa6237540e7343a31917e8898cb805",
		kdf: "scrypt",
		kdfparams: {
			salt: "c61f95d4703f2d5b2e29ff18c1befbdb40345b8eeee51c308610b80c266ccc88",
			n: 262144,
			dklen: 32,
			p: 1,
			r: 8,
		},
		mac: "d63a4b61c06aaf8ca3ca8729db3f9a624c28562a3bbe39163ebe58a0f9651f43",
	},
};

interface Vector {
	readonly json: Record<string, unknown>;
	readonly password: string;
	readonly priv: string;
}

let world: IoctlWorld;
beforeEach(async () => {
	world = await createIoctlWorld();
});
afterEach(() => world.remove());

/** Signs with the account of a private key, and checks whose key it was. */
async function expectSigned(address: string, privateKey: string, stdin: string): Promise<void> {
	const { json, stderr, exitCode } = await world.jwt(["sign", "-s", address, "--json", "-q"], { stdin });
	expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
	const { publicKey } = json["signer"] as { publicKey: string };
	expect(computeAddress(publicKey)).toBe(computeAddress(privateKey));
}

describe("jwt sign opens keystores", () => {
	it("with scrypt n = 262144, as ioctl creates them", async () => {
		world.writeIoctl("UTC--0", JSON.stringify(STANDARD));
		await expectSigned(ACCOUNT.address, ACCOUNT.privateKey, PASSWORD);
	});

	it("with extra data next to the key", async () => {
		const { address, privateKey, mnemonic } = Wallet.createRandom();
		if (mnemonic === null) expect.fail("a wallet with a mnemonic expected");
		const options = { scrypt: { N: 1024, r: 1, p: 1 } };
		const keystore = await encryptKeystoreJson(
			{ address, privateKey, mnemonic: { entropy: mnemonic.entropy } },
			PASSWORD,
			options,
		);
		expect(JSON.parse(keystore)).toHaveProperty("x-ethers");
		world.writeIoctl("UTC--0", keystore);
		await expectSigned(address, privateKey, `${PASSWORD}\n`);
	});
});

describeWithVectors<Record<string, Vector>>(
	"jwt sign opens go-ethereum's keystores",
	"web3-secret-storage/ethereum_tests_basic_tests.json",
	(vectors) => {
		it.each(Object.entries(vectors))("%s", async (_name, { json, password, priv }) => {
			const address = computeAddress(`0x${priv}`);
			// Ioctl finds an account by the address in its file, which go-ethereum writes and most vectors lack.
			const keystore = { address: address.slice(2).toLowerCase(), ...json };
			world.writeIoctl("UTC--0", JSON.stringify(keystore));
			await expectSigned(address, `0x${priv}`, password);
			const wrong = await world.jwt(["sign", "-s", address, "--json"], { stdin: `${password}!` });
			expectRefusal(wrong, 2, "key/password-wrong");
		});
	},
);
