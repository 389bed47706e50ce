import type { RouteRequirements } from "../../src/auth/route-requirements.ts";
import { type BearerOptions, createBearer, type Decision } from "../../src/http/bearer.ts";
import type { RequestDetails } from "../../src/tokens/token-kind.ts";

/** Decides about a request as a route with these requirements does. */
export async function decide(
	options: BearerOptions,
	requirements: RouteRequirements,
	authorization: string | null | undefined,
	request?: RequestDetails,
): Promise<Decision> {
	const bearer = createBearer(options);
	return bearer.requires(requirements)(await bearer(authorization, request));
}
