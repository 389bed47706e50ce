/**
 * `orgpass demo`: two organizations, a local chain and a real HTTP server.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { createVerifier } from "../../auth/create-verifier.js";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64.js";
import { bearerAuth } from "../../http/fetch.js";
import { createOrgIdResolver } from "../../resolver/resolver.js";
import { startTestNetwork, type TestNetwork } from "../../testing/test-network.js";
import type { TestOrganization } from "../../testing/test-organization.js";
import { orgid } from "../../tokens/orgid/orgid.js";
import { createOrgIdMinter } from "../../tokens/orgid/orgid-minter.js";
import { formatVerdict, leavePlain } from "../colors.js";
import { addCommand, type CommandHost, type CommandSummary } from "../command.js";
import type { CliContext } from "../context.js";
import { EXIT } from "../exit-code.js";
import type { Outcome } from "../outcome.js";
import { waitFor } from "../progress.js";
import { type LocalServer, serveFetch } from "../serve-fetch.js";

const CACHE_TTL_SECONDS = 1;

/** A network with an airline and a hotel. */
type DemoNetwork = TestNetwork<readonly [TestOrganization, TestOrganization]>;

interface Step {
	readonly step: string;
	readonly expected: string;
	readonly actual: string;
	readonly ok: boolean;
}

export function addDemoCommand(program: Command, host: CommandHost, { name, description }: CommandSummary): void {
	addCommand(program, host, {
		usage: name,
		description,
		examples: ["orgpass demo"],
		async run({ context, options }) {
			const say = (line: string): void => {
				if (options.json !== true) context.stdout(`${line}\n`);
			};
			say("Starting a local chain and deploying the registry …");
			const network = await waitFor(context, "Hardhat to start", () => startTestNetwork({ organizations: 2 }));
			try {
				const server = await serveHotel(network);
				try {
					return await runSteps(context, say, network, server);
				} finally {
					await server.close();
				}
			} finally {
				await network.close();
			}
		},
	});
}

/** The hotel's API, which looks up its clients in the registry. */
function serveHotel({ organizations: [, hotel], registry, chainId, now }: DemoNetwork): Promise<LocalServer> {
	const resolver = createOrgIdResolver({
		networks: [{ chainId, registry }],
		cache: { ttlSeconds: CACHE_TTL_SECONDS, refreshCooldownSeconds: CACHE_TTL_SECONDS },
	});
	const profile = orgid({ audience: hotel.did, resolver, chainIds: [chainId] });
	const verifier = createVerifier({ profiles: [profile], now });
	const auth = bearerAuth({ verifier });
	const handler = auth.requires({ scope: "book" })((_request, { issuer, scopes }) =>
		Response.json({ hello: issuer, scopes }),
	);
	return serveFetch(handler);
}

async function runSteps(
	context: CliContext,
	say: (line: string) => void,
	network: DemoNetwork,
	server: LocalServer,
): Promise<Outcome> {
	const { paint = leavePlain } = context;
	const [airline, hotel] = network.organizations;
	const steps: Step[] = [];
	const call = async (step: string, token: string, expected: string): Promise<void> => {
		context.signal.throwIfAborted();
		const response = await fetch(server.url, {
			headers: { authorization: `Bearer ${token}` },
			signal: context.signal,
		});
		const body = (await response.json()) as { readonly code?: string };
		const actual = body.code === undefined ? String(response.status) : `${response.status} ${body.code}`;
		steps.push({ step, expected, actual, ok: actual === expected });
		say(`${formatVerdict(paint, actual === expected)}  ${step.padEnd(42)}${actual}`);
	};

	say(`Airline  ${airline.did}`);
	say(`Hotel    ${hotel.did}`);
	say(`The airline's public key is on chain as #webserver; the hotel's server runs at ${server.url}.\n`);
	const good = await airline.minter({ audience: hotel.did }).mint({ scope: "book" });
	await call("a good token", good, "200");
	await call("the same, tampered with", tamper(good), "401 token/signature");
	await call("an expired one", await mintExpired(network), "401 token/expired");
	await call("one for another audience", await airline.minter({ audience: airline.did }).mint(), "401 token/audience");
	const letCacheExpire = (): Promise<void> =>
		waitFor(context, "the hotel's cache to expire", () =>
			sleep(CACHE_TTL_SECONDS * 1_000 + 100, undefined, { signal: context.signal }),
		);
	await airline.revokeKey();
	say(`\nThe airline revokes its key; the hotel caches it for ${CACHE_TTL_SECONDS} second.`);
	await letCacheExpire();
	await call("the good token, its key revoked", good, "401 did/key-revoked");
	await airline.rotateKey();
	await letCacheExpire();
	const renewed = await airline.minter({ audience: hotel.did }).mint({ scope: "book" });
	await call("a token signed with the airline's new key", renewed, "200");

	const ok = steps.every((step) => step.ok);
	const text = ok ? "\nEvery step did what it should." : "\nA step failed.";
	return { data: { ok, steps }, text, exitCode: ok ? EXIT.ok : EXIT.refused };
}

/** Changes one character of the claims. */
function tamper(token: string): string {
	const [header = "", claims = "", signature = ""] = token.split(".");
	const json = new TextDecoder().decode(decodeBase64Url(claims)).replace("book", "cook");
	return `${header}.${encodeBase64Url(new TextEncoder().encode(json))}.${signature}`;
}

function mintExpired({ organizations: [airline, hotel], now }: DemoNetwork): Promise<string> {
	const yesterday = (): number => now() - 86_400;
	const { key, issuer } = airline;
	return createOrgIdMinter({ key, issuer, audience: hotel.did, now: yesterday }).mint();
}
