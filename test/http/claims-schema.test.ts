import { expect, it } from "vitest";
import * as z from "zod";
import { TokenError } from "../../src/errors/errors.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const stage = await createOfflineStage();
const token = await stage.forge({ payload: stage.claims({ scope: "book", tenant: "t1" }) });

it("a route's policy sees the claims as they were signed, not as the schema returns them", async () => {
	const claims = z.object({ tenant: z.string().transform(() => "changed") });
	const bearer = createBearer({ verifier: stage.verifier, claims });
	const decision = await bearer(`Bearer ${token}`);
	expect(decision).toMatchObject({ granted: true, auth: { claims: { tenant: "changed" } } });
	const policy = ({ claims: seen }: { readonly claims: object }): boolean => {
		expect(seen).toMatchObject({ scope: "book", tenant: "t1", iss: stage.sender.issuer });
		return true;
	};
	expect(await bearer.requires({ policy, scope: "book" })(decision)).toBe(decision);
});

it("a guard's schema may be a getter of a class", async () => {
	const options = new (class {
		verifier = stage.verifier;
		get claims(): { parse(): never } {
			return { parse: () => expect.fail("refused") };
		}
	})();
	const handler = bearerAuth(options)()(async () => new Response());
	const request = (): Request =>
		new Request("https://hotel.example", { headers: { authorization: `Bearer ${token}` } });
	expect((await handler(request())).status).toBe(401);
	expect((await bearerAuth({ verifier: stage.verifier })()(async () => new Response())(request())).status).toBe(200);
});

it("the log learns from the schema's error what is wrong with the claims", async () => {
	const bearer = createBearer({ verifier: stage.verifier, claims: z.object({ room: z.string() }) });
	const { cause } = (await bearer(`Bearer ${token}`)) as { readonly cause?: TokenError };
	expect(cause).toMatchObject({ code: "token/claim-invalid", cause: { issues: [{ path: ["room"] }] } });
});

it("a schema may throw an error of its own code", async () => {
	const parse = (): never => {
		throw new TokenError("token/claim-missing", "expected the claim room");
	};
	const decision = await createBearer({ verifier: stage.verifier, claims: { parse } })(`Bearer ${token}`);
	expect(decision).toMatchObject({ status: 401, cause: { code: "token/claim-missing" } });
});
