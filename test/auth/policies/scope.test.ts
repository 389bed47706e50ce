import { describe, expect, it } from "vitest";
import { requireScope } from "../../../src/auth/policies/scope.ts";
import { PolicyError } from "../../../src/errors/errors.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { createOfflineStage } from "../../support/token-stage.ts";

const tokenWith = (...scopes: string[]): VerifiedToken =>
	deepFreeze({ profile: "orgid", issuer: "", keyId: "", claims: {}, scopes, expiresAt: 0 });

describe("requireScope", () => {
	it.each<[string | readonly string[]]>([
		["book cancel"],
		[["book", "cancel"]],
		['["book","cancel"]'],
		["cancel book book"],
	])("requires both scopes of %j, in any order", async (scope) => {
		const policy = requireScope(typeof scope === "string" ? scope : deepFreeze(scope));
		expect(policy(tokenWith("x", "cancel", "book"))).toBeUndefined();
		const error = await expectRefusal(() => policy(tokenWith("book")), "policy/scope");
		expect(error).toBeInstanceOf(PolicyError);
		expect(error.details["missing"]).toEqual(["cancel"]);
		expect(policy(tokenWith("book", "cancel"))).toBeUndefined();
	});

	it("ignores later changes to the array", async () => {
		const scope = ["book"];
		const policy = requireScope(scope);
		scope.length = 0;
		await expectRefusal(() => policy(tokenWith()), "policy/scope");
	});

	it.each([null, 1, {}, [1], 'a"b', ["a b"], ["é"]])("rejects the invalid scope %j", async (scope) => {
		await expectRefusal(() => requireScope(scope as never), ["token/claim-invalid", "config/invalid-option"]);
	});
});

describe("verifier policies", () => {
	it("a policy that returns or resolves to false rejects the token", async () => {
		const stage = await createOfflineStage();
		const token = await stage.forge();
		for (const policy of [() => false, async () => false]) {
			await expectRefusal(() => stage.verifierWith({ policies: [policy] }).verify(token), "policy/refused");
		}
		await stage.verifierWith({ policies: [() => undefined, () => true] }).verify(token);
	});
});
