/** A misspelt option of what decides about tokens is refused, so that it can't disable a check. */
import Fastify from "fastify";
import { expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { bearerAuth as express } from "../../src/http-express.ts";
import { bearerAuth as fastify } from "../../src/http-fastify.ts";
import { bearerAuth as fetchStyle } from "../../src/http-fetch.ts";
import { bearerAuth as hono } from "../../src/http-hono.ts";
import { bearerAuth as node } from "../../src/http-node.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { expectRefusal } from "../support/refusal.ts";
import { resolverWith } from "../support/static-resolver.ts";
import { CURVE_KEY, KINDS, profileOfKind, RSA_KEYS } from "../support/token-kinds.ts";

type Options = Record<string, unknown>;

const node127 = { chainId: 100, rpcUrl: "http://127.0.0.1:1" };
const address = `0x${"11".repeat(20)}`;
const organization = { audience: "a", resolver: resolverWith({} as never) };
const app = { keys: { 7: RSA_KEYS.publicKey } };
const verifier = createVerifier({
	profiles: KINDS.filter((kind) => kind !== "icr-app").map((kind) => profileOfKind(kind)),
});

it.each<[string, (options: never) => unknown, Options]>([
	["createVerifier", createVerifier, { profiles: [profileOfKind("orgid")] }],
	["verify", (options) => verifier.verify("a.b.c", options), {}],
	["orgid", orgid, organization],
	["orgidAccount", orgidAccount, organization],
	["orgidEth", orgidEth, organization],
	["orgidEip712", orgidEip712, organization],
	["ioctl", ioctl, { trustedIssuers: [CURVE_KEY.publicKey] }],
	["githubApp", githubApp, app],
	["icrApp", icrApp, app],
	["vonage", vonage, app],
	["keysFromJwks", (options) => keysFromJwks("https://apps.example/", options), {}],
	["createOrgIdResolver", createOrgIdResolver, { networks: [{ ...node127, registry: address }] }],
	[
		"a network of createOrgIdResolver",
		(network) => createOrgIdResolver({ networks: [network] }),
		{ ...node127, registry: address },
	],
	["createRegistry", createRegistry, { ...node127, address }],
	["createBearer", createBearer, { verifier }],
	["requires", (options) => createBearer({ verifier }).requires(options), {}],
	["bearerAuth of Express", express, { verifier }],
	["bearerAuth of Fastify", async (options) => Fastify().register(fastify, options), { verifier }],
	["bearerAuth of fetch-style handlers", fetchStyle, { verifier }],
	["bearerAuth of Hono", hono, { verifier }],
	["bearerAuth of node:http", node, { verifier }],
])("%s refuses an option that it doesn't know", async (_name, create, options) => {
	const { details } = await expectRefusal(
		async () => create({ ...options, audiences: "https://api.example" } as never),
		"config/unknown-option",
	);
	expect(details).toMatchObject({ option: expect.stringMatching(/(?:^|\.)audiences$/) });
});
