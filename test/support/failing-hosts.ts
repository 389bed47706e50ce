/**
 * Hosts that fail in every way a host can, and what is to be said about each.
 * @module
 */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";

/** What stands in a URL after the host, and must not be shown. */
export const SECRET_PATH = "/v3/secret-api-key?token=secret-token";

/** A host that fails. */
export interface FailingHost {
	readonly name: string;
	/** What a message says about it. */
	readonly says: RegExp;
	/** What `details` holds, besides the host. */
	readonly details: Readonly<Record<string, unknown>>;
	/** Starts it; returns its URL, with a secret path. */
	start(): Promise<{ readonly url: string; readonly host: string; readonly close: () => Promise<void> }>;
}

const JSON_ERROR = '{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"the project is suspended"}}';

/** Answers every request with a status. */
function status(code: number, body = "", headers: Record<string, string> = {}): RequestListener {
	return (incoming, outgoing) => {
		incoming.resume();
		outgoing.writeHead(code, { "content-type": "application/json", ...headers }).end(body);
	};
}

const http = (name: string, says: RegExp, details: object, listener: RequestListener): FailingHost => ({
	...{ name, says, details: { ...details } },
	start: () => listen(createHttpServer(listener), "http"),
});

const tcp = (name: string, says: RegExp, errno: unknown, onSocket: (socket: Socket) => void): FailingHost => ({
	...{ name, says, details: { errno } },
	start: () =>
		listen(
			createTcpServer((socket) => {
				socket.on("error", () => {});
				onSocket(socket);
			}),
			"http",
		),
});

/** All that the network can do, and redirects. */
export const UNREACHABLE_HOSTS: readonly FailingHost[] = [
	{
		...{ name: "a closed port", says: /refused the connection \(ECONNREFUSED\)$/, details: { errno: "ECONNREFUSED" } },
		// The port of a server that has closed may soon be another's, and documents are never at port 1.
		start: async () => ({
			...{ url: `http://127.0.0.1:2${SECRET_PATH}`, host: "127.0.0.1:2", close: async () => {} },
		}),
	},
	{
		name: "an unknown name",
		says: /(?:has no known address|can't be looked up) \((?:ENOTFOUND|EAI_AGAIN)\)$/,
		details: { errno: expect.stringMatching(/^(?:ENOTFOUND|EAI_AGAIN)$/) },
		start: async () => ({
			...{ url: `https://no-such-host.invalid${SECRET_PATH}`, host: "no-such-host.invalid", close: async () => {} },
		}),
	},
	tcp("a reset connection", /closed the connection \(ECONNRESET\)$/, "ECONNRESET", (socket) =>
		socket.once("data", () => socket.resetAndDestroy()),
	),
	tcp("a connection closed without an answer", /closed the connection \(ECONNRESET\)$/, "ECONNRESET", (socket) =>
		socket.once("data", () => socket.end()),
	),
	tcp("an answer that isn't HTTP", /valid HTTP \(HPE_\w+\)$/, expect.stringMatching(/^HPE_/), (socket) =>
		socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")),
	),
];

/** Statuses that are outages for whoever asks. */
export const BUSY_HOSTS: readonly FailingHost[] = [
	http("a rate limit", /limits the rate of requests \(status 429\)$/, { status: 429 }, status(429, "slow down")),
	http("a gateway without a server", /responded with status 502$/, { status: 502 }, status(502, "<html>bad gateway")),
];

/** Statuses of a host that answers, but not as asked. */
export const REFUSING_HOSTS: readonly FailingHost[] = [
	http("missing credentials", /refused the credentials \(status 401\)$/, { status: 401 }, status(401, "who are you?")),
	http("a refusal in words", /refused the request \(status 403\)$/, { status: 403 }, status(403, JSON_ERROR)),
	http("a proxy", /proxy that requires credentials \(status 407\)$/, { status: 407 }, status(407)),
	http("a wrong path", /responded with status 404$/, { status: 404 }, status(404, "<html>not found")),
	http(
		...(["a redirect", /redirects, which isn't followed \(status 307\)$/, { status: 307 }] as const),
		status(307, "", { location: "http://127.0.0.1:1/elsewhere" }),
	),
	http("an HTML page with status 200", /did not respond with JSON$/, {}, status(200, "<html>Welcome")),
];

/** Hosts whose certificates are no good. */
export function tlsHosts(run: (args: readonly string[]) => string): readonly FailingHost[] {
	const key = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
	const names = ["-subj", "/CN=node.example", "-addext", "subjectAltName=IP:127.0.0.1"];
	const pem = run([...key, ...names, "-keyout", "-", "-out", "-"]);
	return [
		{
			name: "a self-signed certificate",
			says: /certificate that isn't trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
			details: { errno: "DEPTH_ZERO_SELF_SIGNED_CERT" },
			start: () => listen(createHttpsServer({ key: pem, cert: pem }, status(200, "{}")), "https"),
		},
		{
			name: "plain HTTP at an https URL",
			says: /failed the TLS handshake \((?:ERR_SSL_\w+|EPROTO)\)$/,
			details: { errno: expect.stringMatching(/^(?:ERR_SSL_|EPROTO)/) },
			start: () => listen(createHttpServer(status(200, "{}")), "https"),
		},
	];
}

/** A key, and a certificate of it that has expired. */
export function expiredCertificate(run: (args: readonly string[]) => string): { key: string; cert: string } {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-expired-"));
	const path = (name: string): string => join(folder, name);
	const policy = `[ca]\ndefault_ca=d\n[d]\ndatabase=${path("index")}\nnew_certs_dir=${folder}\nserial=${path("serial")}\n`;
	writeFileSync(path("conf"), `${policy}default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`);
	writeFileSync(path("index"), "");
	writeFileSync(path("serial"), "01\n");
	const request = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x"];
	run([...request, "-keyout", path("key"), "-out", path("csr")]);
	const times = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
	const signing = ["ca", "-batch", "-selfsign", "-notext", "-config", path("conf"), "-keyfile", path("key")];
	run([...signing, "-in", path("csr"), "-out", path("cert"), ...times]);
	const [key, cert] = [readFileSync(path("key"), "utf8"), readFileSync(path("cert"), "utf8")];
	rmSync(folder, { recursive: true });
	return { key, cert };
}

async function listen(server: Server, protocol: string) {
	const open = new Set<Socket>();
	server.on("connection", (socket) => {
		open.add(socket);
		socket.once("close", () => open.delete(socket));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	const close = async (): Promise<void> => {
		for (const socket of open) socket.destroy();
		server.close();
		await once(server, "close");
	};
	return { url: `${protocol}://${host}${SECRET_PATH}`, host, close };
}
