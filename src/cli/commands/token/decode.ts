/** @module */
import { decodeToken } from "../../../jws/decode-token.js";
import { type Outcome, toJson } from "../../outcome.js";
import type { TokenKindDescriptor } from "../../token-kinds/token-kind.js";

/** Shows a token's header and claims, and what can be verified from the token alone. */
export async function decode(kinds: readonly TokenKindDescriptor[], token: string): Promise<Outcome> {
	const jws = decodeToken(token);
	const { header, claims } = jws;
	const inspections = await Promise.all(kinds.map((kind) => kind.inspect?.(jws)));
	const found = inspections.filter((inspection) => inspection !== undefined);
	return {
		data: Object.assign({ header, claims }, ...found.map(({ data }) => data)) as object,
		text: ["not verified", toJson(header, 2), toJson(claims, 2), ...found.map(({ text }) => text)].join("\n"),
	};
}
