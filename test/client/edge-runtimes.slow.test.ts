/** `createAuthFetch` in runtimes without Node's built-ins, whose fetch differs. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { bundleWorker, describeEdgeRuntimes, type EdgeWorker } from "../support/edge-runtimes.ts";
import { AIRLINE, closeSites, HOTEL, refuse, type Site, startSite } from "./guarded-servers.ts";

afterEach(closeSites);

interface Call {
	readonly as?: "URL" | "Request";
	readonly init?: RequestInit;
}

interface Outcome {
	readonly status?: number;
	readonly url?: string;
	readonly text?: string;
	readonly error?: string;
}

const FORMS = ["URL", "Request"] as const;
const audiencesOf = ({ received }: Site): unknown[] => received.map(({ audience }) => audience);

describeEdgeRuntimes((start) => {
	let worker: EdgeWorker;
	beforeAll(async () => {
		const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
		worker = await start(await bundleWorker("test/support/edge-client.js", { issuer }));
	});
	afterAll(() => worker.close());

	async function call(
		audiences: Record<string, string>,
		url: string,
		{ as = "URL", init }: Call = {},
	): Promise<Outcome> {
		const query = encodeURIComponent(JSON.stringify({ audiences, url, as, init }));
		return JSON.parse((await worker.ask(`/?call=${query}`)).text);
	}

	/** A hotel that redirects to a path of the airline's, or of a server that isn't configured. */
	async function startSites(): Promise<{ hotel: Site; airline: Site; third: Site; audiences: Record<string, string> }> {
		const [airline, third] = [await startSite(), await startSite()];
		const hotel = await startSite(({ path }, response) => {
			const target = { "/airline": airline, "/third": third }[path];
			if (target === undefined) response.end("hotel");
			else response.writeHead(307, { location: `${target.origin}/next` }).end();
		});
		return { hotel, airline, third, audiences: { [hotel.origin]: HOTEL, [airline.origin]: AIRLINE } };
	}

	it.each(FORMS)("gives each server its own token, and another none (%s)", async (as) => {
		const { hotel, airline, third, audiences } = await startSites();
		for (const { origin } of [hotel, airline, third]) {
			expect((await call(audiences, `${origin}/rooms`, { as })).status).toBe(200);
		}
		expect([hotel, airline, third].map(audiencesOf)).toEqual([[HOTEL], [AIRLINE], [undefined]]);
	});

	it.each(FORMS)("T92: gives a redirect's target its own token or none (%s)", async (as) => {
		const { hotel, airline, third, audiences } = await startSites();
		expect(await call(audiences, `${hotel.origin}/airline`, { as })).toMatchObject({ status: 200, text: "ok" });
		expect(await call(audiences, `${hotel.origin}/third`, { as })).toMatchObject({ status: 200, text: "ok" });
		expect([hotel, airline, third].map(audiencesOf)).toEqual([[HOTEL, HOTEL], [AIRLINE], [undefined]]);
		expect(airline.received[0]?.path).toBe("/next");
	});

	it.each(FORMS)("keeps method, headers and body, and follows no redirect if told so (%s)", async (as) => {
		const { hotel, airline, audiences } = await startSites();
		const init = { method: "POST", body: "room 7", headers: { "x-trace": "7" }, redirect: "manual" } as const;
		expect((await call(audiences, `${hotel.origin}/airline`, { as, init })).status).toBe(307);
		expect(hotel.received).toMatchObject([{ method: "POST", body: "room 7", headers: { "x-trace": "7" } }]);
		expect(audiencesOf(hotel)).toEqual([HOTEL]);
		expect(airline.received).toEqual([]);
	});

	it.each(FORMS)("sends a request once more with a new token (%s)", async (as) => {
		const site: Site = await startSite((_request, response) => {
			if (site.received.length === 1) refuse(response, "token/expired");
			else response.end("ok");
		});
		expect((await call({ [site.origin]: HOTEL }, site.origin, { as })).status).toBe(200);
		expect(new Set(site.received.map(({ token }) => token)).size).toBe(2);
	});
});
