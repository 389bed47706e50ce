/**
 * Faults in HTTP, of any host: statuses and bodies.
 * @module
 */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Fault } from "./fault.ts";

const MIB = 2 ** 20;
const HTML = "<!doctype html><title>Welcome</title>";
/** Long after the end of a run. */
const RETRY_SECONDS = 120;

function status(code: number, body = "", headers: OutgoingHttpHeaders = {}): NonNullable<Fault["respond"]> {
	return (outgoing) => void outgoing.writeHead(code, { "content-type": "application/json", ...headers }).end(body);
}

function body(content: string | Buffer, headers: OutgoingHttpHeaders = {}): NonNullable<Fault["respond"]> {
	return (outgoing) => void outgoing.writeHead(200, { "content-type": "application/json", ...headers }).end(content);
}

/** Statuses that don't depend on the kind of host. */
const STATUSES: readonly (readonly [code: number, name: string])[] = [
	[204, "204, no content"],
	[400, "400"],
	[401, "401, missing credentials"],
	[402, "402, unpaid"],
	[403, "403, forbidden"],
	[404, "404, wrong path"],
	[405, "405, method not allowed"],
	[407, "407, a proxy"],
	[408, "408, request timeout"],
	[410, "410, gone"],
	[413, "413, request too large"],
	[500, "500"],
	[502, "502, bad gateway"],
	[503, "503, unavailable"],
	[504, "504, gateway timeout"],
	[522, "522, a CDN's timeout"],
];

/** The statuses that say that there is nothing at a URL. */
const ABSENCES: ReadonlySet<number> = new Set([404, 410]);

/** The faults. */
export const HTTP_FAULTS: readonly Fault[] = [
	...STATUSES.map(([code, name]) => ({
		name,
		isStatement: ABSENCES.has(code),
		respond: status(code, code === 204 ? "" : HTML),
	})),
	{
		name: "307, a redirect to nowhere",
		isStatement: true,
		respond: status(307, "", { location: "http://127.0.0.1:1/elsewhere" }),
	},
	{ name: "429", respond: status(429) },
	{ name: "429 with `Retry-After` in seconds", respond: status(429, "", { "retry-after": String(RETRY_SECONDS) }) },
	{
		name: "429 with `Retry-After` as a date",
		respond: (outgoing) => {
			const date = new Date(Date.now() + RETRY_SECONDS * 1_000).toUTCString();
			outgoing.writeHead(429, { "retry-after": date }).end();
		},
	},
	{ name: "429 with an invalid `Retry-After`", respond: status(429, "", { "retry-after": "soon" }) },
	{ name: "503 with `Retry-After`", respond: status(503, "", { "retry-after": String(RETRY_SECONDS) }) },
	{ name: "an empty body", respond: body("") },
	{ name: "an HTML page with status 200", respond: body(HTML, { "content-type": "text/html" }) },
	{ name: "truncated JSON", alter: (honest) => honest.subarray(0, honest.length >> 1) },
	{ name: "garbage", respond: body(Buffer.from("9f3ac0ffee00ff17e2", "hex")) },
	{ name: "JSON `null`", isStatement: true, respond: body("null") },
	{ name: "JSON `[]`", isStatement: true, respond: body("[]") },
	{ name: "JSON `{}`", isStatement: true, respond: body("{}") },
	{ name: "a JSON text", isStatement: true, respond: body('"ok"') },
	{ name: "a huge body", isStatement: true, respond: body(Buffer.alloc(8 * MIB, " ")) },
	{ name: "a body without end", isStatement: true, respond: sendForever },
	{ name: "deeply nested JSON", isStatement: true, respond: body("[".repeat(100_000)) },
	{ name: "many JSON values", isStatement: true, respond: body(`[${"{},".repeat(300_000)}{}]`) },
	{ name: "a gzip bomb", respond: body(gzipSync(Buffer.alloc(16 * MIB, " ")), { "content-encoding": "gzip" }) },
	{ name: "damaged gzip", respond: body("not gzip", { "content-encoding": "gzip" }) },
	{ name: "an unknown content-encoding", respond: body("{}", { "content-encoding": "zz" }) },
];

function sendForever(outgoing: ServerResponse): void {
	outgoing.writeHead(200, { "content-type": "application/json" });
	const pump = (): void => {
		while (!outgoing.destroyed && outgoing.write(" ".repeat(65_536)));
	};
	outgoing.on("drain", pump);
	pump();
}
