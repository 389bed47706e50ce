/** The examples of docs/client.md for other HTTP clients, run as they are written there. */
import { readFileSync } from "node:fs";
import axios, { type AxiosInstance } from "axios";
import { transform } from "esbuild";
import got, { type Got } from "got";
import * as undici from "undici";
import { afterEach, describe, expect, it } from "vitest";
import type { OrganizationTokenOptions } from "../../src/tokens/orgid/organization-minter.ts";
import type { Minter } from "../../src/tokens/token-kind.ts";
import { AIRLINE, closeSites, HOTEL, type Site, stageMinter, startGuarded, startSite } from "./guarded-servers.ts";

afterEach(closeSites);

const PAGE = readFileSync(new URL("../../docs/client.md", import.meta.url), "utf8");

/** Runs the page's block that imports from a package, and returns what it declares by a name. */
async function runExample<Declared>(
	from: string,
	declares: string,
	values: { readonly minter: Minter<OrganizationTokenOptions>; readonly [name: string]: unknown },
): Promise<Declared> {
	const blocks = [...PAGE.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
	const block = blocks.find((code) => code.includes(` from "${from}";`)) ?? expect.fail(`no example of ${from}`);
	const { code } = await transform(block.replace(/^import .*$/gm, ""), { loader: "ts" });
	const run = new Function(...Object.keys(values), "hotel", `${code}; return ${declares};`);
	return run(...Object.values(values), HOTEL) as Declared;
}

type Send = (origin: string, audience: string, path?: string) => Promise<number>;

/** How each client gets `/offers`, or another path. */
const CLIENTS: Readonly<Record<string, (minter: Minter<OrganizationTokenOptions>) => Promise<Send>>> = {
	async axios(minter) {
		const createApi = await runExample<(origin: string, audience: string) => AxiosInstance>("axios", "createApi", {
			minter,
			axios,
		});
		return async (origin, audience, path = "/offers") =>
			(await createApi(origin, audience).get(path, { validateStatus: null })).status;
	},
	async got(minter) {
		const createApi = await runExample<(origin: string, audience: string) => Got>("got", "createApi", { minter, got });
		return async (origin, audience, path = "offers") => {
			const prefixUrl = path.startsWith("http") ? "" : origin;
			return (await createApi(origin, audience)(path, { prefixUrl, throwHttpErrors: false })).statusCode;
		};
	},
	async undici(minter) {
		type RequestOffers = (origin: string, audience: string) => Promise<undici.Dispatcher.ResponseData>;
		const { request } = undici;
		const requestOffers = await runExample<RequestOffers>("undici", "requestOffers", { minter, request });
		return async (origin, audience) => {
			const { statusCode, body } = await requestOffers(origin, audience);
			await body.dump();
			return statusCode;
		};
	},
};

const audiencesOf = ({ received }: Site): unknown[] => received.map(({ audience }) => audience);

describe.each(Object.entries(CLIENTS))("%s", (_name, create) => {
	it("gives each of two servers its own token, which is renewed at four fifths of its lifetime", async () => {
		const { state, minter } = stageMinter({ lifetimeSeconds: 600 });
		const now = () => state.now;
		const [hotel, airline] = [await startGuarded(HOTEL, now), await startGuarded(AIRLINE, now)];
		const send = await create(minter);
		const sendAll = () =>
			Promise.all([1, 2, 3].flatMap(() => [send(hotel.origin, HOTEL), send(airline.origin, AIRLINE)]));
		for (const seconds of [0, 479, 1]) {
			state.now += seconds;
			expect(new Set(await sendAll())).toEqual(new Set([200]));
		}
		expect([hotel.count(), airline.count()]).toEqual([9, 9]);
		expect(new Set(audiencesOf(hotel))).toEqual(new Set([HOTEL]));
		expect(state.signatures).toBe(4);
	});

	it("T92: takes no token along to where a server redirects", async () => {
		const third = await startSite();
		const hotel = await startSite((_request, response) => {
			response.writeHead(302, { location: third.origin }).end();
		});
		const send = await create(stageMinter().minter);
		expect(await send(hotel.origin, HOTEL)).toBe(302);
		expect([audiencesOf(hotel), audiencesOf(third)]).toEqual([[HOTEL], []]);
	});
});

it.each([
	["axios", []],
	["got", [undefined]],
])("T92: %s gives no token to a server that the caller names instead", async (name, authorizations) => {
	const [hotel, third] = [await startSite(), await startSite()];
	const send = await (CLIENTS[name] as (typeof CLIENTS)[string])(stageMinter().minter);
	await send(hotel.origin, HOTEL, `${third.origin}/offers`);
	expect(third.received.map(({ headers }) => headers.authorization)).toEqual(authorizations);
});
