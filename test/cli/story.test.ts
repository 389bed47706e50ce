/** The whole story, with keys from wherever people have them. */
import { beforeAll, describe, expect, it } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { tellStory } from "../support/cli-story.ts";

/** What jose 2 has of its own; its types can't be imported from ESM. */
interface Jose2 {
	readonly JWK: { asKey(pem: string): unknown };
	readonly JWT: { sign(claims: object, key: unknown, options: object): string };
}

const stage = useCliStage();
let audience: string;
beforeAll(async () => {
	audience = (await stage.ok("org", "create"))["did"] as string;
});

describe("from a key to a verified token, a revoked key and a deactivated organization", () => {
	it.each(["sec1", "pkcs8", "jwk", "hex"])("with a generated key as %s", async (format) => {
		const file = `own.${format}`;
		await stage.ok("keys", "generate", "--out", file, "--format", format);
		await tellStory(stage, audience, file);
	});
});

describe("a jose 2 token made as in the tutorial", () => {
	it("is rejected for its lifetime by default, and verifies with --max-lifetime 400d", async () => {
		const did = await stage.organization("tutorial.pem");
		const jose2 = (await import("jose2" as string)) as Jose2;
		const key = jose2.JWK.asKey(stage.read("tutorial.pem"));
		const token = jose2.JWT.sign({}, key, {
			algorithm: "ES256K",
			audience,
			issuer: `${did}#webserver`,
			expiresIn: "1 year",
			kid: false,
			header: { typ: "JWT" },
		});
		const verify = ["token", "verify", token, "--audience", audience];
		const refused = await stage.run([...verify, "--json"]);
		expect(refused.exitCode).toBe(1);
		expect(refused.json).toMatchObject({ valid: false, code: "token/lifetime" });
		const { claims } = await stage.ok(...verify, "--max-lifetime", "400d");
		expect(claims).toEqual(expect.not.objectContaining({ jti: expect.anything() }));
	});
});
