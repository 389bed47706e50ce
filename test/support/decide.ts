import type { Demands } from "../../src/auth/demands.ts";
import { type BearerOptions, createBearer, type Decision } from "../../src/http/bearer.ts";
import type { RequestDetails } from "../../src/tokens/token-kind.ts";

/** Decides about a request as a route with demands does. */
export async function decide(
	options: BearerOptions,
	demands: Demands,
	authorization: string | null | undefined,
	request?: RequestDetails,
): Promise<Decision> {
	const bearer = createBearer(options);
	return bearer.requires(demands)(await bearer(authorization, request));
}
