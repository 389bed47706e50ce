/**
 * Schemas for the options of everything that reads a contract.
 * @module
 */
import { isAddress } from "ethers";
import * as z from "zod/mini";
import { anyFunction, chainIdNumber } from "../options/schemas.js";

const ADDRESS = "a contract address, 0x and 40 hex digits, with a valid checksum if in mixed case";

export const contractAddress: z.ZodMiniType<string> = z
	.string(ADDRESS)
	.check(z.refine((text) => text.startsWith("0x") && isAddress(text), ADDRESS));

/** The members that say how to reach a chain. */
export const nodeShape: Readonly<Record<"chainId" | "rpcUrl" | "provider" | "observer", z.ZodMiniType>> = {
	chainId: chainIdNumber,
	rpcUrl: z.optional(z.url({ protocol: /^https?$/, error: "an http or https URL" })),
	provider: z.optional(z.looseObject({}, "an ethers or EIP-1193 provider")),
	observer: z.optional(anyFunction),
};

const WEB_SOCKET = "a ws or wss URL without a user name and password";

/** `WebSocket` doesn't send the credentials of a URL. */
export const webSocketUrl: z.ZodMiniType = z.optional(
	z.url({ protocol: /^wss?$/, error: WEB_SOCKET }).check(z.refine((url) => !hasCredentials(url), WEB_SOCKET)),
);

function hasCredentials(text: string): boolean {
	const { username, password } = new URL(text);
	return username !== "" || password !== "";
}

/** Exactly one way to reach the chain. */
export const oneNode: z.core.$ZodCheck<{ readonly rpcUrl?: unknown; readonly provider?: unknown }> = z.refine(
	({ rpcUrl, provider }) => (rpcUrl === undefined) !== (provider === undefined),
	{ error: "given either rpcUrl or provider" },
);
