/**
 * Servers on real sockets that verify tokens, and a client organization with a key to rotate.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { ReplayStore } from "../../src/auth/replay/replay-store.ts";
import { bearerAuth } from "../../src/http/node.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { signSync } from "../../src/keys/private-key.ts";
import type { Signer } from "../../src/keys/signer.ts";
import type { OrganizationTokenOptions } from "../../src/tokens/orgid/organization-minter.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../src/tokens/orgid/orgid-minter.ts";
import type { Minter } from "../../src/tokens/token-kind.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";

const CLIENT = `did:orgid:100:0x${"0a".repeat(32)}`;
export const HOTEL = `did:orgid:100:0x${"0b".repeat(32)}`;
export const AIRLINE = `did:orgid:100:0x${"0c".repeat(32)}`;
export const NOW = 1_800_000_000;

const { privateKey, publicKey } = await generateKeyPair();

/** What a server received. */
export interface Received {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
	readonly token: string | undefined;
	readonly audience: unknown;
}

export interface Site {
	readonly origin: string;
	readonly received: Received[];
}

type Handler = (received: Received, response: ServerResponse, request: IncomingMessage) => unknown;

const servers: { close(): unknown; closeAllConnections(): void }[] = [];

export function closeSites(): void {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
}

/** Starts a server that records its requests; the handler responds to them. */
export async function startSite(handler: Handler = (_request, response) => response.end("ok")): Promise<Site> {
	const received: Received[] = [];
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request.setEncoding("utf8")) body += chunk;
		const token = request.headers.authorization?.replace(/^Bearer /, "");
		const audience = token?.startsWith("eyJ") ? decodeToken(token).claims["aud"] : undefined;
		const { method = "", url: path = "", headers } = request;
		const seen = { method, path, headers, body, token, audience };
		received.push(seen);
		await handler(seen, response, request);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	servers.push(server);
	return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Starts a server that accepts the client organization's tokens. */
export async function startGuarded(
	audience: string,
	now: () => number = () => NOW,
	replay?: ReplayStore,
): Promise<Site & { count(): number }> {
	const resolver = resolverOf({ [CLIENT]: documentWith(CLIENT, publicKey) });
	const profiles = [orgid({ audience, resolver })];
	const auth = bearerAuth({ verifier: createVerifier({ profiles, now, ...(replay && { replay }) }) });
	let granted = 0;
	const guarded = auth()((_request, response) => {
		granted += 1;
		response.end(audience);
	});
	const site = await startSite((_received, response, request) => {
		response.setHeader("date", new Date(now() * 1_000).toUTCString());
		return guarded(request, response);
	});
	return { ...site, count: () => granted };
}

/** A minter on a clock of its own, with a signer that counts. */
export function stageMinter(options: { lifetimeSeconds?: number; fragment?: string } = {}): {
	state: { now: number; signatures: number };
	minter: Minter<OrganizationTokenOptions>;
} {
	const { fragment = "webserver", ...lifetime } = options;
	const state = { now: NOW, signatures: 0 };
	const key: Signer = {
		algorithm: "ES256K",
		publicKey,
		async sign(bytes) {
			state.signatures += 1;
			return signSync(privateKey, bytes);
		},
	};
	return {
		state,
		minter: createOrgIdMinter({ key, issuer: `${CLIENT}#${fragment}`, now: () => state.now, ...lifetime }),
	};
}

/** Responds as a guard that refuses a token. */
export function refuse(response: ServerResponse, code: string, headers: Readonly<Record<string, string>> = {}): void {
	const challenge = {
		"www-authenticate": `Bearer realm="orgpass", error="invalid_token", error_description="${code}"`,
	};
	response.writeHead(401, { ...challenge, ...headers }).end();
}
