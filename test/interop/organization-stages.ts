/**
 * The kinds of token that come from an organization: a real registry on a local chain, read by the real
 * resolver.
 * @module
 */
import type { DIDDocument } from "did-resolver";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { startTestNetwork } from "../../src/testing/test-network.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { createMinter } from "../support/minters.ts";
import { resolverOf } from "../support/static-resolver.ts";
import { keyFiles } from "./keys.ts";
import { type Identity, randomClaims, randomScopes, type Stage } from "./stage.ts";

/** The chain the organizations are on. */
export type Network = Awaited<ReturnType<typeof startTestNetwork<2>>>;

type AccountKind = "orgid-account" | "orgid-eth" | "orgid-eip712";

const TOKENS_OF_KEYS = 1_000;
const TOKENS_OF_ACCOUNTS = 200;
const LIFE_SECONDS = 600;

/** Puts keys on the chain as the first organization's, and gives the four kinds of token it can send. */
export async function createOrganizationStages(network: Network, keys: readonly PrivateKey[]): Promise<Stage[]> {
	const [sender] = network.organizations;
	const registry = network.registry.connect(sender.owner);
	for (const [at, { publicKey }] of keys.entries()) {
		await registry.addKey(sender.orgId, { fragment: `k${at}`, publicKey });
	}
	network.resolver.invalidate(sender.did);
	const { didDocument } = await network.resolver.resolve(sender.did);
	return [
		keyStage(network, keys, JSON.stringify(didDocument)),
		...(["orgid-account", "orgid-eth", "orgid-eip712"] as const).map((kind) => accountStage(network, kind)),
	];
}

function keyStage(network: Network, keys: readonly PrivateKey[], document: string): Stage {
	const [sender, receiver] = network.organizations;
	const audience = receiver.did;
	const { resolver, now } = network;
	const judge = orgid({ audience, resolver });
	const verifier = createVerifier({ profiles: [judge], now });
	const identities = keys.map((key, at): Identity => {
		const issuer = `${sender.did}#k${at}`;
		const options = { profile: "orgid", key, issuer, audience, now: network.now } as const;
		const minters = {
			text: createMinter({ ...options, scopeFormat: "text" }),
			json: createMinter({ ...options, scopeFormat: "json" }),
		};
		return {
			files: {
				...keyFiles(key, at),
				profile: "orgid",
				algorithm: "ES256K",
				issuer,
				audience,
				"document.json": document,
			},
			mint: (scopeFormat) => minters[scopeFormat].mint({ scope: randomScopes(), claims: randomClaims() }),
			claims: () => claimsFrom(network, issuer),
		};
	});
	return {
		profile: "orgid",
		isEcdsa: true,
		identities,
		tokenCount: TOKENS_OF_KEYS,
		judge,
		verify: (token) => verifier.verify(token),
	};
}

function accountStage(network: Network, kind: AccountKind): Stage {
	const [sender, receiver] = network.organizations;
	const { owner, did } = sender;
	const audience = receiver.did;
	const account = `eip155:${network.chainId}:${owner.address}`;
	const registry = network.registry.address;
	const issuer = kind === "orgid-eip712" ? `${did}#wallet` : did;
	const now = network.now;
	const minter =
		kind === "orgid-account"
			? createMinter({ profile: kind, key: owner, issuer, registry, audience, now })
			: createMinter({ profile: kind, key: owner, issuer, audience, now });
	const judge = accountProfile(network, kind, account);
	const verifier = createVerifier({ profiles: [judge], now });
	const identity: Identity = {
		files: {
			profile: kind,
			algorithm: "",
			issuer,
			audience,
			account,
			registry,
			"private.hex": owner.privateKey.slice(2),
		},
		mint: () => minter.mint({ scope: randomScopes(), claims: randomClaims() }),
		claims: () => claimsFrom(network, issuer),
	};
	return {
		profile: kind,
		isEcdsa: false,
		identities: [identity],
		tokenCount: TOKENS_OF_ACCOUNTS,
		judge,
		verify: (token) => verifier.verify(token),
	};
}

function accountProfile(network: Network, kind: AccountKind, account: string): Profile {
	const [sender, receiver] = network.organizations;
	const options = { audience: receiver.did, resolver: network.resolver };
	if (kind === "orgid-account") return orgidAccount(options);
	if (kind === "orgid-eth") return orgidEth(options);
	// The SDK's tokens name an account by the organization's document, which stands beside the registry.
	const document: DIDDocument = {
		id: sender.did,
		verificationMethod: [
			{
				id: `${sender.did}#wallet`,
				type: "EcdsaSecp256k1RecoveryMethod2020",
				controller: sender.did,
				blockchainAccountId: account,
			},
		],
	};
	return orgidEip712({ ...options, resolver: resolverOf({ [sender.did]: document }) });
}

function claimsFrom(network: Network, iss: string): Record<string, unknown> {
	const iat = Math.floor(network.now());
	const aud = network.organizations[1].did;
	return { iss, aud, iat, exp: iat + LIFE_SECONDS, scope: randomScopes().join(" "), ...randomClaims() };
}
