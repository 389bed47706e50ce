/**
 * Bearer authentication for Fastify 5.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerBase, RouteGenericInterface } from "fastify";
import type { RouteRequirements } from "../auth/route-requirements.js";
import { isThenable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import { invalidOption } from "../options/invalid-option.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import type { Authenticated, ClaimsSchema } from "./bearer.js";
import { createGuards, type GuardOptions, type RouteOptions } from "./guard.js";
import { nodeFacts } from "./request-facts.js";

/** A hook that lets only allowed requests through, over HTTP/1.1 or HTTP/2. */
export type BearerHook = (
	request: FastifyRequest<RouteGenericInterface, RawServerBase>,
	reply: FastifyReply<RouteGenericInterface, RawServerBase>,
) => Promise<unknown>;

/** Creates hooks. It is `app.bearer` once {@link bearerAuth} is registered. */
export interface FastifyBearer {
	/** Requires a valid token, unless it is optional, and sets `request.auth`. */
	(options?: RouteOptions): BearerHook;
	/** Requires a valid token that meets the requirements. */
	requires(requirements: RouteRequirements): BearerHook;
	/**
	 * The verified token of a request, with its claims typed by the schema that the plugin was registered with.
	 *
	 * @throws {ConfigError} `config/missing` if no hook of the plugin has let the request through with a token,
	 *   `config/invalid-option` if the plugin was registered with other `claims`
	 */
	of<Claims = JsonObject>(request: FastifyRequest, claims?: ClaimsSchema<Claims>): Authenticated<Claims>;
}

declare module "fastify" {
	interface FastifyInstance {
		/** Creates hooks that authenticate requests; set by orgpass. */
		bearer: FastifyBearer;
	}
	interface FastifyRequest {
		/** The request's verified token; set by orgpass. */
		auth: VerifiedToken | null;
	}
}

/**
 * A plugin that adds `app.bearer` and `request.auth` to the instance it is registered with, and to its children.
 * Requests that are denied get the error response of RFC 6750.
 *
 * @example
 * ```ts
 * import Fastify from "fastify";
 * import { createVerifier, orgid } from "orgpass";
 * import { bearerAuth } from "orgpass/http/fastify";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
 * const app = Fastify();
 * await app.register(bearerAuth, { verifier });
 * app.post("/bookings", { onRequest: app.bearer.requires({ scope: "book" }) }, (request) => ({ by: request.auth?.issuer }));
 * const { statusCode } = await app.inject({ method: "POST", url: "/bookings" });
 * statusCode; // => 401
 * ```
 * @param app the instance
 * @param options the verifier, and how requests are read and denied
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export async function bearerAuth(
	app: FastifyInstance,
	// Not generic: TypeScript would infer `any` for the parameters of `onDenied`.
	options: GuardOptions<FastifyRequest, unknown>,
): Promise<void> {
	const { prefix: _, ...guardOptions } = options as typeof options & { readonly prefix?: string };
	const guards = createGuards(guardOptions as typeof options, ({ raw, originalUrl }) => nodeFacts(raw, originalUrl));
	const toHook =
		(guard: ReturnType<typeof guards.requires>): BearerHook =>
		async (request, reply) => {
			const deciding = guard(request as FastifyRequest);
			const decision = isThenable(deciding) ? await deciding : deciding;
			if (decision !== undefined && !decision.granted) {
				return reply.code(decision.status).headers(decision.headers).send(decision.body);
			}
			request.auth = (decision?.auth as VerifiedToken | undefined) ?? null;
			return undefined;
		};
	const bearer = (route?: RouteOptions): BearerHook => toHook(guards.authenticate(route));
	const requires = (requirements: RouteRequirements): BearerHook => toHook(guards.requires(requirements));
	/** Hooks can't change the type of `request`, so the schema is passed again, and must be the same. */
	const of: FastifyBearer["of"] = (request, claims) => {
		if ((claims as unknown) === options.claims) return guards.of(request) as Authenticated<never>;
		throw invalidOption("claims", "the schema that the plugin was registered with", { subject: "bearer.of" });
	};
	app.decorateRequest("auth", null);
	app.decorate("bearer", Object.assign(bearer, { requires, of }));
}

/** As fastify-plugin does: the decorators belong to the instance that registers the plugin. */
Object.assign(bearerAuth, {
	[Symbol.for("skip-override")]: true,
	[Symbol.for("fastify.display-name")]: "orgpass",
	[Symbol.for("plugin-meta")]: { name: "orgpass", fastify: "5.x" },
});
