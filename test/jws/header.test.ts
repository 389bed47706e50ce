import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { assertHeader } from "../../src/jws/header.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";

const rules = deepFreeze({ algorithm: "ES256K", keyId: "did:x#k" });

describe("assertHeader", () => {
	it.each<[object]>([
		[{ alg: "ES256K" }],
		[{ alg: "ES256K", typ: "JWT", kid: "did:x#k" }],
		[{ alg: "ES256K", x: 1, nonce: "n", x5t: "t" }],
		[{ alg: "ES256K", typ: "jwt" }],
		[{ alg: "ES256K", typ: "Jwt" }],
		[{ alg: "ES256K", typ: "application/jwt" }],
		[{ alg: "ES256K", typ: "APPLICATION/JWT" }],
	])("accepts %j", (header) => {
		expect(assertHeader(deepFreeze({ ...header }), rules)).toBeUndefined();
	});

	it.each<[object, ErrorCode]>([
		[{}, "token/algorithm"],
		[{ alg: "ES256" }, "token/algorithm"],
		[{ alg: "ES256K", crit: [] }, "token/critical"],
		[{ alg: "ES256K", crit: undefined }, "token/critical"],
		[{ alg: "ES256K", typ: "/JWT" }, "token/type"],
		[{ alg: "ES256K", typ: "application/" }, "token/type"],
		[{ alg: "ES256K", typ: "application/application/JWT" }, "token/type"],
		[{ alg: "ES256K", typ: "applicationJWT" }, "token/type"],
		[{ alg: "ES256K", typ: "text/JWT" }, "token/type"],
		[{ alg: "ES256K", typ: "JWT/JWT" }, "token/type"],
		[{ alg: "ES256K", typ: "JWT;charset=utf-8" }, "token/type"],
		[{ alg: "ES256K", typ: "\uff2a\uff37\uff34" }, "token/type"],
		[{ alg: "ES256K", typ: "JWT\u0000" }, "token/type"],
		[{ alg: "ES256K", typ: ["application/JWT"] }, "token/type"],
		[{ alg: "ES256K", typ: { toString: "JWT" } }, "token/type"],
		[{ alg: "ES256K", typ: undefined }, "token/type"],
		[{ alg: "ES256K", kid: "did:x" }, "token/key-id"],
		[{ alg: "ES256K", kid: "DID:x#K" }, "token/key-id"],
		[{ alg: "ES256K", kid: undefined }, "token/key-id"],
	])("rejects %j with %s", async (header, code) => {
		await expectRefusal(() => assertHeader({ ...header }, rules), code);
	});

	it.each<[object, string]>([
		[{ alg: "none" }, 'expected alg "ES256K", got "none"'],
		[{ alg: "ES256K", typ: "x" }, 'expected typ "JWT" or none, got "x"'],
		[{ alg: "ES256K", kid: "x" }, 'expected kid "did:x#k" or none, got "x"'],
	])("says what was expected instead of %j", (header, message) => {
		expect(() => assertHeader({ ...header }, rules)).toThrow(message);
	});

	it.each(["jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty"])(
		"rejects %s and names it in the details",
		async (name) => {
			for (const value of [null, "x", {}, undefined]) {
				const header = { alg: "ES256K", [name]: value };
				const { details } = await expectRefusal(() => assertHeader(header, rules), "token/header");
				expect(details).toEqual({ parameter: name });
			}
		},
	);

	it("rejects any kid if the issuer isn't a string", async () => {
		for (const keyId of [undefined, null, 1, ["a"]]) {
			const header = { alg: "ES256K", kid: ["a"] };
			const refused = await expectRefusal(() => assertHeader(header, { algorithm: "ES256K", keyId }), "token/key-id");
			if (keyId === undefined) expect(refused.message).toContain("expected kid absent, got");
		}
	});
});

describe("assertHeader with typ and kid required", () => {
	const strict = deepFreeze({ algorithm: "EIP712", type: "x+jwt", keyId: "did:x#k", isKeyIdRequired: true });

	it.each(["x+jwt", "X+JWT", "application/x+jwt", "Application/X+jwt"])(
		"accepts a header with exactly these: %s",
		(typ) => {
			expect(assertHeader({ alg: "EIP712", typ, kid: "did:x#k" }, strict)).toBeUndefined();
		},
	);

	it("compares only ASCII letters in any case", async () => {
		for (const [typ, type] of [
			["to\u212aen+jwt", "token+jwt"],
			["\u017fcope+jwt", "scope+jwt"],
			["d\u0131d+jwt", "did+jwt"],
		] as const) {
			const header = { alg: "EIP712", typ, kid: "did:x#k" };
			await expectRefusal(() => assertHeader(header, { ...strict, type }), "token/type");
		}
	});

	it("keeps media types outside application apart", async () => {
		const rules = { ...strict, type: "text/x+jwt" };
		const header = { alg: "EIP712", kid: "did:x#k" };
		expect(assertHeader({ ...header, typ: "Text/X+JWT" }, rules)).toBeUndefined();
		for (const typ of ["x+jwt", "application/x+jwt", "application/text/x+jwt"]) {
			await expectRefusal(() => assertHeader({ ...header, typ }, rules), "token/type");
		}
	});

	it.each<[object, ErrorCode]>([
		[{ alg: "ES256K", typ: "x+jwt", kid: "did:x#k" }, "token/algorithm"],
		[{ alg: "EIP712", kid: "did:x#k" }, "token/type"],
		[{ alg: "EIP712", typ: undefined, kid: "did:x#k" }, "token/type"],
		[{ alg: "EIP712", typ: "JWT", kid: "did:x#k" }, "token/type"],
		[{ alg: "EIP712", typ: "x", kid: "did:x#k" }, "token/type"],
		[{ alg: "EIP712", typ: "x+jwt/", kid: "did:x#k" }, "token/type"],
		[{ alg: "EIP712", typ: "x+jwt" }, "token/key-id"],
		[{ alg: "EIP712", typ: "x+jwt", kid: undefined }, "token/key-id"],
		[{ alg: "EIP712", typ: "x+jwt", kid: "did:x" }, "token/key-id"],
	])("rejects %j with %s", async (header, code) => {
		await expectRefusal(() => assertHeader({ ...header }, strict), code);
	});

	it("rejects a missing kid if no kid would be valid", async () => {
		const rules = { ...strict, keyId: undefined };
		await expectRefusal(() => assertHeader({ alg: "EIP712", typ: "x+jwt" }, rules), "token/key-id");
	});
});
