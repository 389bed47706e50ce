import { describe, expect, it } from "vitest";
import { createVerifier, type VerifyOptions } from "../../../src/auth/create-verifier.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { requireAcl } from "../../../src/tokens/vonage/require-acl.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { forgeKind, KINDS, type Kind, profileOfKind } from "../../support/token-kinds.ts";

const ACL = { paths: { "/rooms/*": { methods: ["GET"] } } };
const GET = { method: "GET", path: "/rooms/7" };

async function verify(kind: Kind, members: object, asked?: VerifyOptions): Promise<VerifiedToken> {
	const verifier = createVerifier({ profiles: [profileOfKind(kind)], policies: [requireAcl()] });
	return verifier.verify(await forgeKind(kind, { ...members }), asked);
}

it.each(KINDS.filter((kind) => kind !== "vonage"))(
	"without requireAcl, the list of a %s token isn't read",
	async (kind) => {
		const verifier = createVerifier({ profiles: [profileOfKind(kind)] });
		const request = { method: "DELETE", path: "/elsewhere" };
		expect((await verifier.verify(await forgeKind(kind, { acl: ACL }), { request })).profile).toBe(kind);
	},
);

describe.each(KINDS)("requireAcl, %s", (kind) => {
	it("accepts a request that the list allows", async () => {
		expect((await verify(kind, { acl: ACL }, { request: GET })).profile).toBe(kind);
	});

	it("rejects a request that the list doesn't allow", async () => {
		for (const request of [
			{ method: "PUT", path: "/rooms/7" },
			{ method: "GET", path: "/rooms" },
			{ method: "GET", path: "/rooms/.." },
		]) {
			await expectRefusal(() => verify(kind, { acl: ACL }, { request }), "policy/acl");
		}
	});

	it("rejects a call without a request, and a token without a list", async () => {
		await expectRefusal(() => verify(kind, { acl: ACL }), "policy/acl");
		await expectRefusal(() => verify(kind, {}, { request: GET }), "policy/acl");
		await expectRefusal(() => verify(kind, {}), "policy/acl");
	});

	it("rejects an invalid list", async () => {
		for (const acl of [null, "*", [], { paths: [] }, { paths: {}, all: true }]) {
			await expectRefusal(() => verify(kind, { acl }, { request: GET }), "token/claim-invalid");
		}
	});
});
