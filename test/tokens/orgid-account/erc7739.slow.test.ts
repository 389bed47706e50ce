import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ContractFactory, concat, TypedDataEncoder, toBeHex, toUtf8Bytes, Wallet } from "ethers";
import solc from "solc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { startTestNetwork } from "../../../src/testing/test-network.ts";
import { orgidAccount } from "../../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import type { AccountSigner } from "../../../src/tokens/orgid-account/sign-account-token.ts";
import { createMinter } from "../../support/minters.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { resolverWith, resultOf } from "../../support/static-resolver.ts";

const require = createRequire(import.meta.url);

/** An account with Solady's implementation of ERC-7739. */
const SOURCE = `
	pragma solidity ^0.8.28;
	import { ERC1271 } from "solady/src/accounts/ERC1271.sol";

	contract Account is ERC1271 {
		address private immutable _SIGNER;

		constructor(address signer) {
			_SIGNER = signer;
		}

		function _erc1271Signer() internal view override returns (address) {
			return _SIGNER;
		}

		function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
			return ("Account", "1");
		}
	}
`;
const OWNER = new Wallet(`0x${"41".repeat(32)}`);
const STRANGER = new Wallet(`0x${"42".repeat(32)}`);
const ACCOUNT_FIELDS = [
	{ name: "name", type: "string" },
	{ name: "version", type: "string" },
	{ name: "chainId", type: "uint256" },
	{ name: "verifyingContract", type: "address" },
	{ name: "salt", type: "bytes32" },
];

let network: Awaited<ReturnType<typeof startTestNetwork<2>>>;
let verifier: Verifier;
let account: string;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 2 });
	const [funder] = network.accounts;
	const deployed = await new ContractFactory(...compile(), funder).deploy(OWNER.address);
	await deployed.waitForDeployment();
	account = await deployed.getAddress();
	const { did, orgId } = network.organizations[0];
	const record = { ...(await network.registry.read(orgId)), owner: account };
	const { didDocument } = await network.resolver.resolve(did);
	const resolver = resolverWith(resultOf(didDocument as never, { organization: record as never }));
	const options = { audience: network.organizations[1].did, resolver, providers: { 31337: network.provider } };
	verifier = createVerifier({ profiles: [orgidAccount(options), orgidEth(options)], now: network.now });
});
afterAll(() => network.close());

function compile(): [abi: [], bytecode: string] {
	const input = {
		language: "Solidity",
		sources: { "Account.sol": { content: SOURCE } },
		settings: {
			evmVersion: "cancun",
			optimizer: { enabled: true },
			outputSelection: { "*": { Account: ["abi", "evm.bytecode.object"] } },
		},
	};
	const readImport = (path: string) => ({ contents: readFileSync(require.resolve(path), "utf8") });
	const { contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
	const { abi, evm } = contracts["Account.sol"].Account;
	return [abi, evm.bytecode.object];
}

/** Signs as ERC-7739 says: the wallet shows what is signed, and for which account. */
function accountSigner(wallet: Wallet): AccountSigner {
	const accountDomain = { name: "Account", version: "1", chainId: 31_337, verifyingContract: account };
	return {
		async signMessage(message) {
			const bytes = typeof message === "string" ? toUtf8Bytes(message) : message;
			const prefixed = concat([toUtf8Bytes(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes]);
			const types = { PersonalSign: [{ name: "prefixed", type: "bytes" }] };
			return wallet.signTypedData(accountDomain, types, { prefixed });
		},
		async signTypedData(domain, types, value) {
			const { primaryType } = TypedDataEncoder.from(types);
			const fields = [{ name: "contents", type: primaryType }, ...ACCOUNT_FIELDS];
			const nested = { contents: value, ...accountDomain, salt: `0x${"00".repeat(32)}` };
			const signature = await wallet.signTypedData(domain, { TypedDataSign: fields, ...types }, nested);
			const description = toUtf8Bytes(TypedDataEncoder.from(types).encodeType(primaryType));
			return concat([
				signature,
				TypedDataEncoder.hashDomain(domain),
				TypedDataEncoder.from(types).hash(value),
				description,
				toBeHex(description.length, 2),
			]);
		},
	};
}

describe("an organization owned by an account with ERC-7739", () => {
	const mintWith = async (profile: "orgid-account" | "orgid-eth", key: AccountSigner) => {
		const [{ did }, { did: audience }] = network.organizations;
		const common = { key, audience, now: network.now, issuer: did };
		const minter =
			profile === "orgid-eth"
				? createMinter({ ...common, profile })
				: createMinter({ ...common, profile, registry: network.registry.address });
		return minter.mint({ scope: "book" });
	};

	it.each(["orgid-account", "orgid-eth"] as const)("signs %s tokens in the nested form alone", async (profile) => {
		const keyId = `${network.organizations[0].did}#owner`;
		const token = await mintWith(profile, accountSigner(OWNER));
		expect(await verifier.verify(token)).toMatchObject({ keyId, scopes: ["book"] });
		for (const key of [accountSigner(STRANGER), OWNER, STRANGER]) {
			const other = await mintWith(profile, key);
			await expectRefusal(() => verifier.verify(other), "token/signature");
		}
	});
});
