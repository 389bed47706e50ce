/**
 * Schemas for the options of everything that reads a contract.
 * @module
 */
import * as v from "valibot";
import { isHexAddress } from "../keys/address.js";
import { anyFunction, anyObject, optionsSchema, restriction, type Shape, wholeNumber } from "../options/schemas.js";
import { chainIdNumber } from "../options/value-schemas.js";

const ADDRESS = "a contract address, 0x and 40 hex digits, with a valid checksum if in mixed case";

export const contractAddress: v.GenericSchema<string> = v.pipe(v.string(ADDRESS), v.check(isHexAddress, ADDRESS));

const URL_EXPECTED = "an http or https URL, or several different ones";
const url = v.pipe(v.string(URL_EXPECTED), v.check(hasProtocol("http:", "https:"), URL_EXPECTED));
const urls = v.pipe(
	v.array(url, URL_EXPECTED),
	v.nonEmpty(URL_EXPECTED),
	v.check<string[], string>(areDifferent, URL_EXPECTED),
);

const AGREEMENT = "at least 2, and at most the number of URLs in rpcUrl";

type NodeOptions = {
	readonly chainId?: unknown;
	readonly rpcUrl?: unknown;
	readonly agreement?: unknown;
	readonly provider?: unknown;
	readonly observer?: unknown;
};

/** The members that say how to reach a chain. */
export const nodeShape: Shape<NodeOptions> = {
	chainId: chainIdNumber,
	rpcUrl: v.optional(v.union([url, urls], URL_EXPECTED)),
	agreement: restriction(v.pipe(wholeNumber(AGREEMENT), v.minValue(2, AGREEMENT))),
	provider: v.optional(anyObject("an ethers or EIP-1193 provider")),
	observer: v.optional(anyFunction),
};

const WEB_SOCKET = "a ws or wss URL without a user name and password";

/** `WebSocket` doesn't send the credentials of a URL. */
export const webSocketUrl: v.GenericSchema = v.optional(
	v.pipe(
		v.string(WEB_SOCKET),
		v.check((text) => hasProtocol("ws:", "wss:")(text) && !hasCredentials(text), WEB_SOCKET),
	),
);

function hasProtocol(...protocols: readonly string[]): (text: string) => boolean {
	return (text) => protocols.includes(URL.parse(text)?.protocol ?? "");
}

function hasCredentials(text: string): boolean {
	const { username, password } = new URL(text);
	return username !== "" || password !== "";
}

/** Creates the schema of options that include {@link nodeShape}: one way to reach the chain, and enough nodes to agree. */
export function nodeOptionsSchema<Options extends NodeOptions>(shape: Shape<Options>): v.GenericSchema<Options> {
	const schema: v.GenericSchema<NodeOptions> = optionsSchema(shape);
	const checked: v.GenericSchema = v.pipe(
		schema,
		v.check(hasOneConnection, "given either rpcUrl or provider"),
		v.forward(v.check(hasEnoughNodes, AGREEMENT), ["agreement"]),
	);
	return checked as v.GenericSchema<Options>;
}

function hasOneConnection({ rpcUrl, provider }: NodeOptions): boolean {
	return (rpcUrl === undefined) !== (provider === undefined);
}

function hasEnoughNodes({ rpcUrl, agreement }: NodeOptions): boolean {
	return agreement === undefined || Number(agreement) <= (Array.isArray(rpcUrl) ? rpcUrl.length : 0);
}

/** One node under two spellings of its URL would agree with itself. */
function areDifferent(list: readonly string[]): boolean {
	return new Set(list.map(toRequested)).size === list.length;
}

/** What is sent to the host: no fragment, and no `?` without a query. */
function toRequested(text: string): string {
	const url = new URL(text);
	url.hash = "";
	if (url.search === "") url.search = "";
	return url.href;
}
