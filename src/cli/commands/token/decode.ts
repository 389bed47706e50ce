/** @module */
import { TokenError } from "../../../errors/errors.js";
import { type CompactJws, decodeToken, decodeTokenText } from "../../../jws/decode-token.js";
import { addTokenAdvice } from "../../../jws/token-advice.js";
import { type Outcome, toJson } from "../../outcome.js";
import type { TokenKindDescriptor } from "../../token-kinds/token-kind.js";

/** Shows a token's header and claims, and what can be verified from the token alone. */
export async function decode(kinds: readonly TokenKindDescriptor[], token: string): Promise<Outcome> {
	const jws = decodeText(token);
	const { header, claims } = jws;
	const inspections = await Promise.all(kinds.map((kind) => kind.inspect?.(jws)));
	const found = inspections.filter((inspection) => inspection !== undefined);
	return {
		data: Object.assign({ header, claims }, ...found.map(({ data }) => data)) as object,
		text: [
			"not verified",
			toJson(header, 2),
			toJson(claims, 2),
			...found.map(({ text }) => text),
			...refusedNumbers(token),
		].join("\n"),
	};
}

function decodeText(token: string): CompactJws {
	try {
		return decodeTokenText(token);
	} catch (error) {
		throw addTokenAdvice(error, token);
	}
}

/** Warns about numbers that every verifier rejects. */
function refusedNumbers(token: string): readonly string[] {
	try {
		decodeToken(token);
		return [];
	} catch (error) {
		if (error instanceof TokenError) return [`refused by every verifier: ${error.message}`];
		throw error;
	}
}
