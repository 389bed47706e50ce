import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

/** As much of jose 2 as stands here; its types can't be found by TypeScript. */
interface Jose2 {
	readonly JWK: { asKey(key: string | object, options?: object): object };
	readonly JWT: {
		sign(payload: object, key: object, options: object): string;
		verify(token: string, key: object, options: object): object;
	};
}

const { JWK, JWT } = (await import("jose2" as string)) as Jose2;
const YEAR = 31_557_600;

let stage: ChainStage;
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

/** As Winding Tree's tutorial mints it: jose 2, a year, no kid, no jti. */
function tutorialToken(options: { expiresIn?: string; audience?: string } = {}): string {
	const key = JWK.asKey(exportPrivateKey(stage.sender.key, "sec1"), { alg: "ES256K", use: "sig" });
	return JWT.sign({ scope: "book" }, key, {
		audience: stage.receiver.did,
		issuer: stage.sender.issuer,
		expiresIn: "1 year",
		kid: false,
		header: { typ: "JWT" },
		now: new Date(stage.clock() * 1_000),
		...options,
	});
}

describe("a jose 2 token made as in the tutorial", () => {
	it("has typ, no kid, no jti and a lifetime of a year", () => {
		const { header, claims } = decodeToken(tutorialToken());
		expect(header).toEqual({ alg: "ES256K", typ: "JWT" });
		expect(Object.keys(claims).sort()).toEqual(["aud", "exp", "iat", "iss", "scope"]);
		expect((claims["exp"] as number) - (claims["iat"] as number)).toBe(YEAR);
	});

	it("is rejected for its lifetime by default, before the resolver is called", async () => {
		const { details } = await stage.refuse(tutorialToken(), "token/lifetime", 0);
		expect(details).toEqual({ lifetime: YEAR, maxLifetimeSeconds: 86_400 });
	});

	it("is accepted if the verifier allows a lifetime of a year", async () => {
		const verifier = stage.verifierWith({ maxLifetimeSeconds: YEAR });
		const { issuer, keyId, scopes } = await verifier.verify(tutorialToken());
		expect([issuer, keyId, scopes]).toEqual([stage.sender.did, stage.sender.issuer, ["book"]]);
		const less = stage.verifierWith({ maxLifetimeSeconds: YEAR - 1 });
		await expectRefusal(() => less.verify(tutorialToken()), "token/lifetime");
	});

	it("is accepted unchanged with a lifetime of an hour, also with a high-S signature", async () => {
		for (let at = 0; at < 40; at++) {
			expect((await stage.verify(tutorialToken({ expiresIn: "1 hour" }))).issuer).toBe(stage.sender.did);
		}
	});

	it("is still rejected for a different audience", async () => {
		const verifier = stage.verifierWith({ maxLifetimeSeconds: YEAR });
		await expectRefusal(() => verifier.verify(tutorialToken({ audience: "x" })), "token/audience");
	});
});

describe("an orgpass token in jose 2", () => {
	it("verifies with the tutorial's options", async () => {
		const { sender, receiver, network } = stage;
		const token = await sender.minter({ audience: receiver.did }).mint({ scope: "book" });
		const options = {
			audience: receiver.did,
			issuer: sender.issuer,
			algorithms: ["ES256K"],
			typ: "JWT",
			now: new Date(network.now() * 1_000),
		};
		for (const key of [
			exportPublicKey(sender.key.publicKey, "spki"),
			{ ...exportPublicKey(sender.key.publicKey, "jwk") },
		]) {
			const claims = JWT.verify(token, JWK.asKey(key), options);
			expect(claims).toMatchObject({ iss: sender.issuer, aud: receiver.did, scope: "book" });
		}
		const other = JWK.asKey(exportPublicKey(receiver.key.publicKey, "spki"));
		expect(() => JWT.verify(token, other, options)).toThrow();
	});
});
