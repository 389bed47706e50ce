/**
 * Authorization headers, through the core of all guards and the one of fetch-style handlers. `$token` in an input stands
 * for a genuine token.
 * @module
 */
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { createBearer, type Decision } from "../../../src/http/bearer.ts";
import { bearerAuth } from "../../../src/http/fetch.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, DID } from "../../support/account-stage.ts";
import { documentWith, knownResolverOf } from "../../support/static-resolver.ts";
import { profileOfKind } from "../../support/token-kinds.ts";
import { CURVE_KEY, NOW } from "../keys.ts";
import { assertSame, assertThat, type Target } from "../target.ts";
import { mint } from "./token.ts";

/** RFC 6750 section 2.1, and one or more spaces. */
const CREDENTIALS = /^bearer +([^\s,]+)$/i;
const CHALLENGE = /^Bearer realm="orgpass"(?:, (?:error|error_description|scope)="[\x21\x23-\x5b\x5d-\x7e ]*")*$/;
const STATUSES = [400, 401, 403];

export async function createTarget(): Promise<Target> {
	const token = await mint("orgid");
	const resolver = knownResolverOf({ [DID]: documentWith(DID, CURVE_KEY.publicKey) });
	const profiles = [orgid({ audience: AUDIENCE, resolver }), profileOfKind("ioctl")];
	const verifier = createVerifier({ profiles, now: () => NOW });
	const bearer = createBearer({ verifier });
	const mayPay = bearer.requires({ scope: "pay" });
	const handler = bearerAuth({ verifier })()(() => new Response("granted"));
	const usual = shownBy(await bearer("Bearer a"));
	const genuine = new Set([token, await mint("ioctl")]);
	return {
		words: ["Bearer ", "bearer ", "BEARER", "Basic ", "DPoP ", "$token", ", ", "\t", "\u00a0", "\u2003", "realm=", '"'],
		work: { base: 8_000, perByte: 100 },
		async run(input) {
			const header = input.toString().replaceAll("$token", token);
			const decision = await bearer(header);
			const given = CREDENTIALS.exec(header)?.[1];
			const isGood = given !== undefined && genuine.has(given);
			assertThat(decision.granted === isGood, `the header is ${isGood ? "refused" : "accepted"}`);
			describe(await mayPay(decision), given, usual);
			const request = toRequest(header);
			if (request !== undefined) {
				const { status } = await handler(request);
				const sent = await bearer(request.headers.get("authorization"));
				assertSame(status, sent.granted ? 200 : sent.status, "the statuses of two guards");
			}
			return describe(decision, given, usual);
		},
	};
}

/** A refusal repeats nothing of the header that others don't say, and is one that RFC 6750 knows. */
function describe(decision: Decision, given: string | undefined, usual: string): string {
	if (decision.granted) return decision.auth.issuer;
	const { status, headers, isAnonymous } = decision;
	assertThat(STATUSES.includes(status), `the status is ${status}`);
	assertThat(CHALLENGE.test(String(headers["www-authenticate"])), "the challenge has another form");
	assertThat(!isAnonymous || given === undefined, "a header with a token counts as none");
	const shown = shownBy(decision);
	const start = given?.slice(0, 24) ?? "";
	assertThat(start.length < 24 || usual.includes(start) || !shown.includes(start), "a refusal repeats the token");
	return `${status} ${shown}`;
}

function shownBy(decision: Decision): string {
	return decision.granted ? "" : decision.body + JSON.stringify(decision.headers);
}

/** Undefined if no request can have such a header. */
function toRequest(authorization: string): Request | undefined {
	try {
		return new Request("http://localhost/", { headers: { authorization } });
	} catch {
		return undefined;
	}
}
