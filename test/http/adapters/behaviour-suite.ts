/**
 * What every guarded server does, over real sockets: the adapters' servers and those of the examples.
 * @module
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { RegistryError } from "../../../src/errors/errors.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../../src/tokens/vonage/vonage-minter.ts";
import type { TokenStage } from "../../support/token-stage.ts";
import { bearer, CASES, type Case, type TokenName } from "./cases.ts";
import { type RawResponse, sendRaw } from "./raw-client.ts";
import type { GuardedServer, ServerOptions } from "./servers.ts";

/** A server to test. */
export interface Subject<Stage = TokenStage> {
	readonly name: string;
	start(options: ServerOptions, stage: Stage): Promise<GuardedServer>;
	/** Returns the request and the response with the server's own routes, or why it can't be sent to this server. */
	adapt?(request: Case): Case | string;
	/** What the suite can't see of it: denials that it doesn't log, the calls of its verifier and its handlers. */
	readonly hides?: readonly ("denials" | "calls")[];
}

const APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";
const STRANGER = `did:orgid:31337:0x${"9".repeat(64)}`;
/** The issuer of the token `down`: a node that the suite has no verifier in front of must fail for it. */
export const UNREACHABLE_ID = "7".repeat(64);

/** Runs the suite against servers, with the organizations of one stage. */
export function describeBehaviour<Stage extends TokenStage>(
	subjects: readonly Subject<Stage>[],
	createStage: () => Promise<Stage>,
): void {
	describe("the behaviour suite", () => {
		let stage: Stage;
		let tokens: Record<TokenName, string>;
		let verifier: Pick<Verifier, "verify">;
		let verifications = 0;
		beforeAll(async () => {
			stage = await createStage();
			const app = await generateKeyPair({ algorithm: "RS256" });
			tokens = await mintTokens(stage, app.privateKey);
			const real = createVerifier({
				profiles: [
					orgid({ audience: stage.receiver.did, resolver: stage.resolver }),
					vonage({ keys: { [APPLICATION]: app.publicKey } }),
				],
			});
			verifier = {
				async verify(token, options) {
					verifications += 1;
					if (token === tokens.down) throw new RegistryError("registry/unreachable", "secret-node.example is down");
					if (token === tokens.broken) throw new TypeError("secret.x is undefined");
					return real.verify(token, options);
				},
			};
		});

		describe.each(subjects)("$name", ({ start, adapt = (request) => request, hides = [] }) => {
			let server: GuardedServer;
			let handled = 0;
			let denials: Denied[] = [];
			const hidesCalls = hides.includes("calls");
			beforeAll(async () => {
				const onDenied = (denied: Denied): void => {
					denials.push(denied);
					throw new Error("a log that fails");
				};
				const onHandled = (): void => {
					handled += 1;
				};
				server = await start({ verifier, issuers: [stage.sender.did], onDenied, onHandled }, stage);
			});
			afterAll(() => server.close());
			beforeEach(() => {
				handled = 0;
				denials = [];
				verifications = 0;
			});

			const adapted = CASES.map((request) => ({ what: request.what, adapted: adapt(request) }));
			const requests = adapted.flatMap(({ adapted }) => (typeof adapted === "string" ? [] : adapted));
			const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_all, name: TokenName) => tokens[name]);
			const send = ({
				method = "GET",
				target = "/api/me",
				lines = [],
				body,
				version,
			}: Omit<Case, "what" | "status">): Promise<RawResponse> =>
				sendRaw(server.port, {
					method,
					target: fill(target),
					lines: lines.map(fill),
					body: body && fill(body),
					version,
				});

			it.for(requests)("T60: $what", async (request) => {
				const { headers, body, status } = await send(request);
				expect(status).toBe(request.status);
				if (!hidesCalls) {
					expect(handled).toBe(request.seen === undefined ? 0 : 1);
					expect(verifications).toBe(request.verifications ?? (request.error === "invalid_request" ? 0 : 1));
				}
				if (!hides.includes("denials")) {
					const expected = request.seen === undefined ? [status] : [];
					await expect.poll(() => denials.map((denied) => denied.status)).toEqual(expected);
				}
				if (request.seen !== undefined) return expectHandled(request, body);
				expectChallenge(request, headers);
				if (request.status === 500) expect(body).not.toMatch(/secret/);
				else if (request.method !== "HEAD") expectProblem(request, headers, body);
			});

			it("T61: simultaneous requests are kept apart", async () => {
				const names: TokenName[] = ["good", "forged", "book", "expired"];
				const requests = names.map((name, at) => {
					const request = { what: name, lines: bearer(name), status: at % 2 === 0 ? 200 : 401 };
					return adapt(request) as Case;
				});
				const forty = Array.from({ length: 40 }, (_, at) => requests[at % 4] as Case);
				const responses = await Promise.all(forty.map(send));
				expect(responses.map(({ status }) => status)).toEqual(forty.map(({ status }) => status));
				if (!hidesCalls) expect(handled).toBe(20);
			});

			it("gets all requests of the suite, or a reason is named", async ({ annotate }) => {
				expect(requests.length).toBeGreaterThanOrEqual(50);
				const leftOut = adapted.filter(({ adapted }) => typeof adapted === "string");
				for (const [reason, cases] of Object.entries(Object.groupBy(leftOut, ({ adapted }) => adapted as string))) {
					await annotate(`left out, ${reason}: ${cases?.map(({ what }) => what).join(", ")}`);
				}
			});
		});

		function expectHandled({ method, seen }: Case, body: string): void {
			const issuers = { sender: stage.sender.did, app: APPLICATION, nobody: null };
			if (method !== "HEAD") expect(JSON.parse(body)).toMatchObject({ issuer: issuers[seen as "sender"] });
		}
	});
}

async function mintTokens(
	stage: TokenStage,
	appKey: Awaited<ReturnType<typeof generateKeyPair>>["privateKey"],
): Promise<Record<TokenName, string>> {
	const forge = (members: object = {}) => stage.forge({ payload: stage.claims({ ...members }) });
	const acl = {
		paths: { "/api/v1/users/*": { methods: ["GET"] }, "/api/v1/messages": { filters: { from: "44" } } },
	};
	const forgeFor = (did: string) =>
		stage.forge({ header: stage.header({ kid: undefined }), payload: stage.claims({ iss: `${did}#webserver` }) });
	return {
		good: await forge(),
		book: await forge({ scope: "book" }),
		offers: await forge({ scope: "offers" }),
		vip: await forge({ scope: "vip" }),
		break: await forge({ scope: "break" }),
		acl: await createVonageMinter({ key: appKey, applicationId: APPLICATION }).mint({ claims: { acl } }),
		expired: await forge({ iat: stage.now() - 7_200, exp: stage.now() - 3_600 }),
		forged: await stage.forge({ key: (await generateKeyPair()).privateKey }),
		stranger: await forgeFor(STRANGER),
		down: await forgeFor(`did:orgid:31337:0x${UNREACHABLE_ID}`),
		broken: "broken.broken.broken",
	};
}

function expectChallenge({ status, error, code, scope }: Case, headers: Headers): void {
	const parts = ['Bearer realm="orgpass"'];
	if (error !== undefined) parts.push(`error="${error}"`);
	if (code !== undefined) parts.push(`error_description="${code}"`);
	const challenges = [parts.join(", "), ...(scope === undefined ? [] : [`${parts.join(", ")}, scope="${scope}"`])];
	if (status >= 500) expect(headers.get("www-authenticate")).toBeNull();
	else expect(headers.get("www-authenticate")).toBeOneOf(challenges);
	if (status === 503) expect(headers.get("retry-after")).toBe("5");
	if (status !== 500) expect(headers.get("cache-control")).toBe("no-store");
}

function expectProblem({ code }: Case, headers: Headers, body: string): void {
	expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
	const problem = JSON.parse(body) as Record<string, unknown>;
	expect(problem["code"]).toBe(code);
	expect(body).not.toMatch(/secret|eyJ/);
}
