/**
 * Samples: tokens signed with throw-away keys of this page, which no verifier trusts, and what a verifier of each knows.
 * @module
 */
import { exportPublicKey, generateKeyPair } from "orgpass/keys";
import { createGitHubAppMinter, createIoctlMinter, createOrgIdMinter } from "orgpass/tokens";
import type { FilledFields } from "./fields.ts";

/** A token, and the fields that are filled in with it. */
export interface Sample {
	readonly token: string;
	readonly filled: FilledFields;
}

const ROOMS = { resource: "https://hotel.example/rooms", operation: "Read" };
const HOUR = 3_600;

/** The samples by their names. */
export const SAMPLES = {
	"Good: ioctl": createIoctlSample,
	"Good: GitHub App": createAppSample,
	Expired: (chainId) => createOrganizationSample(chainId, { now: () => Date.now() / 1_000 - 2 * HOUR }),
	"Wrong audience": async (chainId) => ({
		token: (await createOrganizationSample(chainId)).token,
		filled: { audience: didOf(chainId, "0b") },
	}),
	"Bad signature": async () => {
		const { token, filled } = await createIoctlSample();
		return { filled, token: `${token.slice(0, token.lastIndexOf("."))}.${"A".repeat(86)}` };
	},
	"Unknown organization": (chainId) => createOrganizationSample(chainId),
	"Untrusted issuer": async () => ({
		token: (await createIoctlSample()).token,
		filled: { trustedIssuers: exportPublicKey((await generateKeyPair()).publicKey, "hex") },
	}),
	Unsigned: async () => ({
		token: `${toSegment('{"alg":"none"}')}.${toSegment('{"iss":"did:orgid:1:0x00","sub":"admin"}')}.`,
		filled: {},
	}),
	"Duplicate claim": async () => ({
		token: `${toSegment('{"alg":"ES256K","typ":"JWT"}')}.${toSegment('{"sub":"guest","sub":"admin"}')}.${"A".repeat(86)}`,
		filled: {},
	}),
} as const satisfies Record<string, (chainId: number) => Promise<Sample>>;

async function createIoctlSample(): Promise<Sample> {
	const { privateKey, publicKey } = await generateKeyPair();
	const token = await createIoctlMinter({ key: privateKey }).mint(ROOMS);
	return { token, filled: { trustedIssuers: exportPublicKey(publicKey, "hex") } };
}

async function createAppSample(): Promise<Sample> {
	const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
	const token = await createGitHubAppMinter({ key: privateKey, issuer: "12345" }).mint();
	return { token, filled: { appId: "12345", appKey: exportPublicKey(publicKey, "spki") } };
}

async function createOrganizationSample(chainId: number, options: { now?: () => number } = {}): Promise<Sample> {
	const { privateKey } = await generateKeyPair();
	const issuer = `${didOf(chainId, "0a")}#webserver`;
	const minter = createOrgIdMinter({ key: privateKey, issuer, audience: didOf(chainId, "0c"), ...options });
	return { token: await minter.mint({ scope: "book" }), filled: {} };
}

function didOf(chainId: number, byte: string): string {
	return `did:orgid:${chainId}:0x${byte.repeat(32)}`;
}

function toSegment(text: string): string {
	return btoa(text).replaceAll("=", "");
}
