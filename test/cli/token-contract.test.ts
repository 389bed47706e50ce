/** `token verify` of tokens in the name of an owner that is a contract (ERC-1271). */
import { Wallet } from "ethers";
import { expect, it } from "vitest";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { useCliRegistry } from "../support/cli-registry.ts";
import { codeReturning, deployCode } from "../support/contract-accounts.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const stage = useCliRegistry("orgpass");

/** A token of an organization whose owner is a contract that answers with this word, whoever signed. */
async function mintFor(word: string): Promise<readonly [token: string, did: string]> {
	const { did } = (await stage.ok("org", "create")) as { did: string };
	const provider = createProvider(stage.chain.rpcUrl, stage.chain.chainId);
	provider.pollingInterval = 20;
	const owner = unlock(new Wallet(stage.chain.accounts[0]?.privateKey ?? "", provider));
	const contract = await deployCode(owner, codeReturning(word, 32));
	provider.destroy();
	await stage.ok("org", "transfer", did, "--to", contract);
	await stage.ok("keys", "generate", "--out", "k.pem", "--force");
	const { stdout } = await stage.run(["token", "mint", "--key", "k.pem", "--issuer", did, "--audience", did]);
	return [stdout.trim(), did];
}

it.each([
	["accepts", "1626ba7e", { valid: true }],
	["refuses", "ffffffff", { valid: false, code: "token/signature" }],
])("T35: asks the contract, which %s the signature", async (_what, word, expected) => {
	const [token, did] = await mintFor(word);
	const verify = ["token", "verify", token, "--audience", did, "--profile", "orgid-account", "--json"];
	expect((await stage.run(verify)).json).toMatchObject(expected);
});
