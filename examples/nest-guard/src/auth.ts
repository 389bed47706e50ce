/** Guards routes with orgpass, on any of Nest's HTTP platforms. */
import type { IncomingMessage } from "node:http";
import {
	type CanActivate,
	createParamDecorator,
	type ExecutionContext,
	HttpException,
	Inject,
	Injectable,
	Logger,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import type { Verifier } from "orgpass";
import { type Bearer, createBearer, type RouteRequirements, readNodeRequest, toLogFields } from "orgpass/http";

/** The token of the provider that verifies tokens. */
export const VERIFIER = Symbol("VERIFIER");

/**
 * What a route or a controller requires of its tokens: `@Requires({ scope: "book" })`. If both have requirements, a token
 * must meet both.
 */
export const Requires = Reflector.createDecorator<RouteRequirements>();

/** Lets requests without a token through, unless something is required; invalid tokens are still refused. */
export const OptionalAuth = Reflector.createDecorator<void, true>({ transform: () => true });

/** The request's verified token: `@Auth() auth: Authenticated`. */
export const Auth = createParamDecorator((_data: unknown, context: ExecutionContext) => {
	return context.switchToHttp().getRequest<PlatformRequest>().auth;
});

/** A request of Express, or of Fastify, which keeps Node's request in `raw`. */
type PlatformRequest = IncomingMessage & { raw?: IncomingMessage; originalUrl: string; auth?: unknown };

type Check = ReturnType<Bearer["requires"]>;

@Injectable()
export class BearerGuard implements CanActivate {
	readonly #bearer: Bearer;
	/** One check for each `@Requires(…)`, created at its first request. */
	readonly #checks = new WeakMap<RouteRequirements, Check>();
	readonly #logger = new Logger(BearerGuard.name);
	readonly #reflector: Reflector;

	constructor(@Inject(VERIFIER) verifier: Verifier, @Inject(Reflector) reflector: Reflector) {
		this.#bearer = createBearer({ verifier });
		this.#reflector = reflector;
	}

	async canActivate(context: ExecutionContext): Promise<boolean> {
		const targets = [context.getHandler(), context.getClass()];
		const requirements = this.#reflector.getAll(Requires, targets).filter((required) => required !== undefined);
		const request = context.switchToHttp().getRequest<PlatformRequest>();
		const { authorization, details } = readNodeRequest(request.raw ?? request, request.originalUrl);
		let decision = await this.#bearer(authorization, details);
		for (const required of requirements) {
			decision = await this.#checkOf(required)(decision);
			if (!decision.granted) break;
		}
		if (decision.granted) {
			request.auth = decision.auth;
			return true;
		}
		const isOptional = requirements.length === 0 && this.#reflector.getAllAndOverride(OptionalAuth, targets) === true;
		if (isOptional && decision.isAnonymous) return true;

		const { status, headers, body, cause } = decision;
		// A bug or a wrong configuration: the response doesn't say what it is.
		const error = status === 500 ? { error: String(cause) } : {};
		this.#logger.log({ ...toLogFields(decision), method: details.method, path: details.path, ...error });
		const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
		for (const [name, value] of Object.entries(headers)) response.header(name, value);
		throw new HttpException(JSON.parse(body), status, { cause });
	}

	#checkOf(required: RouteRequirements): Check {
		const known = this.#checks.get(required);
		if (known !== undefined) return known;
		const check = this.#bearer.requires(required);
		this.#checks.set(required, check);
		return check;
	}
}
