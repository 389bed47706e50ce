import { beforeAll, describe, expect, it } from "vitest";
import { requireScope } from "../../src/auth/policies/scope.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const withScope = (scope: unknown): Promise<string> => stage.forge({ payload: stage.claims({ scope }) });

describe("T57: scopes as sets", () => {
	const repeated: [unknown][] = [
		["read read"],
		[["read", "read"]],
		['["read","read"]'],
		["read  read read"],
		[["read", "read", "read"]],
	];
	it.each(repeated)("T57: %j doesn't satisfy read and admin", async (scope) => {
		const verifier = stage.verifierWith({ policies: [requireScope(["read", "admin"])] });
		const token = await withScope(scope);
		const { details } = await expectRefusal(() => verifier.verify(token), "policy/scope");
		expect(details).toEqual({ required: ["read", "admin"], missing: ["admin"] });
		expect((await stage.verify(token)).scopes).toEqual(["read"]);
	});

	it.each(repeated)("T57: %j satisfies read, even if read is required twice", async (scope) => {
		const token = await withScope(scope);
		for (const required of ["read", "read read", ["read"], ["read", "read"], '["read"]']) {
			const verifier = stage.verifierWith({ policies: [requireScope(required)] });
			expect((await verifier.verify(token)).scopes).toEqual(["read"]);
		}
	});

	it.each<[unknown, readonly string[]]>([
		["read write", ["read", "write"]],
		[" read  write ", ["read", "write"]],
		[
			["read", "write"],
			["read", "write"],
		],
		['["read","write"]', ["read", "write"]],
		['[ "read" , "write" ]', ["read", "write"]],
		["", []],
		[[], []],
		["[]", []],
		[undefined, []],
		["simard:account:write", ["simard:account:write"]],
	])("T57: %j is parsed as %j", async (scope, expected) => {
		const { scopes } = await stage.verify(await withScope(scope));
		expect(scopes).toEqual(expected);
		expect(Object.isFrozen(scopes)).toBe(true);
	});

	it.each<[unknown]>([
		["admins"],
		["administrator"],
		["ADMIN"],
		["Admin"],
		["admin:read"],
		["adm in"],
		["xadmin"],
		["admin,read"],
		["admin;"],
		["*"],
		["adm[i]n"],
		[".*"],
	])("T57: %j doesn't satisfy admin", async (scope) => {
		const verifier = stage.verifierWith({ policies: [requireScope("admin")] });
		const token = await withScope(scope);
		await expectRefusal(() => verifier.verify(token), "policy/scope");
	});
});

describe("T57: invalid scopes", () => {
	it.each<[string, unknown]>([
		["null", null],
		["a number", 1],
		["true", true],
		["an object", { admin: true }],
		["an array with a number", ["read", 1]],
		["an array with null", [null]],
		["an array with an empty string", [""]],
		["a nested array", [["read"]]],
		["an array with two scopes in one string", ["read admin"]],
		["a tab", "read\tadmin"],
		["a line feed", "read\nadmin"],
		["a quote", 'read"'],
		["a backslash", "read\\"],
		["a non-ASCII letter", "\u0430dmin"],
		["a zero-width space", "read\u200b"],
		["a no-break space", "read\u00a0admin"],
		["broken JSON", '["read"'],
		["JSON with an extra comma", '["read",]'],
		["JSON with a number", "[1]"],
		["JSON with an object", '[{"admin":true}]'],
		["JSON in JSON", '[["read"]]'],
		["JSON with trailing data", '["read"] admin'],
		["JSON after a space", ' ["read"]'],
	])("T57: %s is rejected without calling the resolver", async (_what, scope) => {
		await stage.refuse(await withScope(scope), "token/claim-invalid", 0);
	});
});
