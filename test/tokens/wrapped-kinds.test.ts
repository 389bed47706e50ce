/** Profiles from outside that wrap one of the package's and pass it a token of their own. */
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { CompactJws } from "../../src/jws/decode-token.ts";
import type { Profile, ResolvedIssuer } from "../../src/tokens/token-kind.ts";
import { expectRefusal } from "../support/refusal.ts";
import { forgeKind, KINDS, profileOfKind } from "../support/token-kinds.ts";

/** A profile that passes a copy to each function of another one. */
function wrap(profile: Profile, copy: (jws: CompactJws) => CompactJws): Profile {
	return {
		name: "wrapped",
		recognizes: (jws) => profile.recognizes(copy(jws)),
		parseIssuer(jws) {
			const issuer = profile.parseIssuer(copy(jws));
			return { ...issuer, resolve: async () => withCopies(await issuer.resolve()) };
		},
		verifyClaims: (jws, limits) => profile.verifyClaims(copy(jws), limits),
	};

	function withCopies(resolved: ResolvedIssuer): ResolvedIssuer {
		return { ...resolved, findSigner: (jws) => resolved.findSigner(copy(jws)) };
	}
}

describe.each(KINDS)("%s, wrapped", (kind) => {
	it("verifies a copy with the bytes and the signature", async () => {
		const profile = wrap(profileOfKind(kind), (jws) => {
			const { signature, signingInput } = jws;
			return { ...jws, signature, signingInput };
		});
		const token = await forgeKind(kind);
		expect(await createVerifier({ profiles: [profile] }).verify(token)).toMatchObject({ profile: "wrapped" });
		const other = `${token.slice(0, -4)}AAAA`;
		await expectRefusal(() => createVerifier({ profiles: [profile] }).verify(other), "token/signature");
	});

	it.each<[string, (jws: CompactJws) => CompactJws]>([
		["both", (jws) => ({ ...jws })],
		["the signature", (jws) => ({ ...jws, signingInput: jws.signingInput })],
		["the bytes that were signed", (jws) => ({ ...jws, signature: jws.signature })],
	])("rejects a copy without %s", async (_what, copy) => {
		const verifier = createVerifier({ profiles: [wrap(profileOfKind(kind), copy)] });
		const error = await expectRefusal(async () => verifier.verify(await forgeKind(kind)), "config/invalid-option");
		expect(error.details).toEqual({ option: "jws" });
	});
});
