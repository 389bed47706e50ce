/**
 * Schemas for the options of everything that reads a contract.
 * @module
 */
import * as z from "zod/mini";
import { isHexAddress } from "../keys/address.js";
import { anyFunction, chainIdNumber } from "../options/schemas.js";

const ADDRESS = "a contract address, 0x and 40 hex digits, with a valid checksum if in mixed case";

export const contractAddress: z.ZodMiniType<string> = z
	.string(ADDRESS)
	.check(z.refine((text) => isHexAddress(text), ADDRESS));

const URL_EXPECTED = "an http or https URL, or several different ones";
const url = z.url({ protocol: /^https?$/, error: URL_EXPECTED });
const urls = z.array(url, URL_EXPECTED).check(z.minLength(1, URL_EXPECTED), z.refine(areDifferent, URL_EXPECTED));

const AGREEMENT = "at least 2, and at most the number of URLs in rpcUrl";

/** The members that say how to reach a chain. */
export const nodeShape: Readonly<Record<"chainId" | "rpcUrl" | "agreement" | "provider" | "observer", z.ZodMiniType>> =
	{
		chainId: chainIdNumber,
		rpcUrl: z.optional(z.union([url, urls], URL_EXPECTED)),
		agreement: z.optional(z.int(AGREEMENT).check(z.gte(2, AGREEMENT))),
		provider: z.optional(z.looseObject({}, "an ethers or EIP-1193 provider")),
		observer: z.optional(anyFunction),
	};

const WEB_SOCKET = "a ws or wss URL without a user name and password";

/** `WebSocket` doesn't send the credentials of a URL. */
export const webSocketUrl: z.ZodMiniType = z.optional(
	z.url({ protocol: /^wss?$/, error: WEB_SOCKET }).check(z.refine((text) => !hasCredentials(text), WEB_SOCKET)),
);

function hasCredentials(text: string): boolean {
	const { username, password } = new URL(text);
	return username !== "" || password !== "";
}

/** The values of {@link nodeShape} that depend on each other. */
interface NodeOptions {
	readonly rpcUrl?: unknown;
	readonly agreement?: unknown;
	readonly provider?: unknown;
}

/** Exactly one way to reach the chain, and enough nodes for an agreement. */
export const validNodes: z.core.$ZodCheck<NodeOptions> = z.check<NodeOptions>((context) => {
	const { rpcUrl, agreement, provider } = context.value;
	const issue = { code: "custom", input: context.value } as const;
	if ((rpcUrl === undefined) === (provider === undefined)) {
		context.issues.push({ ...issue, message: "given either rpcUrl or provider" });
	}
	if (agreement !== undefined && Number(agreement) > (Array.isArray(rpcUrl) ? rpcUrl.length : 0)) {
		context.issues.push({ ...issue, path: ["agreement"], message: AGREEMENT });
	}
});

/** One node under two spellings of its URL would agree with itself. */
function areDifferent(list: readonly string[]): boolean {
	return new Set(list.map((text) => new URL(text).href)).size === list.length;
}
