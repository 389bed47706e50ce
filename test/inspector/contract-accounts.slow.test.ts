/** Tokens in the inspector's page whose signer is a contract, which the page asks through the node (ERC-1271, ERC-6492). */
import { hexlify, Wallet } from "ethers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import type { AccountSigner } from "../../src/tokens/orgid-account/sign-account-token.ts";
import { signatureCheckBytecode } from "../../src/tokens/orgid-account/signature-check.contract.ts";
import { prepareSafe, type TestSafe, wrapSignature } from "../support/contract-accounts.ts";
import { pasteToken, readVerdict, useInspectorStage } from "../support/inspector-page.ts";
import { createMinter } from "../support/minters.ts";
import { describeWithTool } from "../support/tools.ts";
import { unlock } from "../support/unlocked-wallet.ts";

const [ANNA, BERTA, CARLA] = ["41", "42", "43"].map((byte) => new Wallet(`0x${byte.repeat(32)}`)) as [
	Wallet,
	Wallet,
	Wallet,
];
const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;
const ACCEPTED = { outcome: "accepted", step: null };
const REFUSED = { outcome: "denied", step: "signature" };

describeWithTool("accounts that are contracts, in the inspector", "chromium", ["--version"], () => {
	const stage = useInspectorStage();
	let close: () => void;
	let safe: TestSafe;
	let did: string;
	beforeAll(async () => {
		const { rpcUrl, chainId, accounts } = stage.chain;
		const provider = createProvider(rpcUrl, chainId);
		provider.pollingInterval = 20;
		close = () => provider.destroy();
		safe = await prepareSafe(unlock(new Wallet(accounts[0]?.privateKey ?? "", provider)), [ANNA, BERTA], chainId);
		did = await stage.organization("k.pem");
		await stage.ok("org", "transfer", did, "--to", safe.address);
	});
	afterAll(() => close());

	async function judge(profile: "orgid-account" | "orgid-eth", key: AccountSigner) {
		const issuer = profile === "orgid-account" ? `${did}#owner` : did;
		const options = { key, issuer, audience: AUDIENCE };
		const minter =
			profile === "orgid-account"
				? createMinter({ ...options, profile, registry: stage.chain.registry as `0x${string}` })
				: createMinter({ ...options, profile });
		await stage.page.goto("about:blank");
		await stage.page.goto(stage.url);
		await pasteToken(stage.page, await minter.mint({ scope: "read" }));
		return readVerdict(stage.page);
	}

	it("may sign before they are deployed, if the signature says how to deploy them", async () => {
		const wrap = (signer: AccountSigner): AccountSigner => ({
			signMessage: async (message) => hexlify(wrapSignature(safe.deployment, await signer.signMessage(message))),
			signTypedData: async (...data) => hexlify(wrapSignature(safe.deployment, await signer.signTypedData(...data))),
		});
		expect(await judge("orgid-account", wrap(safe.signer()))).toEqual(ACCEPTED);
		expect(await judge("orgid-eth", wrap(safe.signer()))).toEqual(ACCEPTED);
		expect(await judge("orgid-account", wrap(safe.signer([ANNA, CARLA])))).toEqual(REFUSED);
		expect(await judge("orgid-account", safe.signer())).toEqual(REFUSED);
	});

	it("decide on their signatures", async () => {
		await safe.deploy();
		expect(await judge("orgid-account", safe.signer())).toEqual(ACCEPTED);
		expect(await judge("orgid-eth", safe.signer())).toEqual(ACCEPTED);
		expect(await judge("orgid-account", safe.signer([ANNA]))).toEqual(REFUSED);
		expect(await judge("orgid-account", ANNA)).toEqual(REFUSED);
	});

	it("aren't sent the token: the node sees its hash and its signature", async () => {
		const start = stage.requests.length;
		expect(await judge("orgid-account", safe.signer())).toEqual(ACCEPTED);
		const [, claims = "", signature = ""] = (
			await stage.page.getByRole("textbox", { name: "Token" }).inputValue()
		).split(".");
		const sent = stage.requests.slice(start).map((request) => request.postData() ?? "");
		expect(sent.some((body) => body.includes(Buffer.from(signature, "base64url").toString("hex")))).toBe(true);
		for (const body of sent) {
			expect(body).not.toContain(claims);
			expect(body).not.toContain(Buffer.from(claims).toString("hex"));
		}
	});

	it("get no verdict if the node doesn't answer for them", async () => {
		const { page } = stage;
		await page.route(`${stage.chain.rpcUrl}/**`, (route) =>
			route.request().postData()?.includes(signatureCheckBytecode.slice(2, 100)) === true
				? route.abort()
				: route.continue(),
		);
		expect(await judge("orgid-account", safe.signer())).toEqual({ outcome: "failed", step: "signature" });
		await page.unroute(`${stage.chain.rpcUrl}/**`);
	});
});
