import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
let server: Server;
let url: string;
let connections = 0;
const attacker = await generateKeyPair();

beforeAll(async () => {
	stage = await createOfflineStage();
	server = createServer((_request, response) => {
		const key = { ...exportPublicKey(attacker.publicKey, "jwk"), kid: stage.sender.issuer };
		response.end(JSON.stringify({ keys: [key] }));
	});
	server.on("connection", () => {
		connections += 1;
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
});
afterAll(async () => {
	server.close();
});

describe("T4: embedded keys", () => {
	it.each<[string, () => object]>([
		["jwk", () => ({ jwk: exportPublicKey(attacker.publicKey, "jwk") })],
		["jku", () => ({ jku: url })],
		["x5u", () => ({ x5u: url })],
		["x5c", () => ({ x5c: [exportPublicKey(attacker.publicKey, "spki-base64")] })],
		["jwk: null", () => ({ jwk: null })],
		["jku, x5u and jwk", () => ({ jku: url, x5u: url, jwk: exportPublicKey(attacker.publicKey, "jwk") })],
	])("T4: %s of an attacker is rejected, without a connection to its URL", async (_what, members) => {
		for (const key of [attacker.privateKey, stage.sender.key]) {
			const token = await stage.forge({ header: stage.header({ ...members() }), key });
			await stage.refuse(token, "token/header", 0);
		}
		expect(connections).toBe(0);
	});

	it("T4: the attacker's server would have responded", async () => {
		expect(await (await fetch(url)).json()).toHaveProperty("keys");
		expect(connections).toBe(1);
		connections = 0;
	});
});

describe("T5: the kid", () => {
	it.each<[string, (stage: TokenStage) => unknown]>([
		["of another organization", ({ receiver }) => receiver.issuer],
		["of another key", ({ sender }) => `${sender.did}#other`],
		["of the owner's account", ({ sender }) => `${sender.did}#owner`],
		["that is the bare DID", ({ sender }) => sender.did],
		["that is the fragment", () => "webserver"],
		["that is the fragment with #", () => "#webserver"],
		["in upper-case hex", ({ sender }) => sender.issuer.toUpperCase()],
		["without the chain", ({ sender }) => sender.issuer.replace("31337:", "")],
		["with a file path", () => "../../../../dev/null"],
		["with SQL", () => "x' UNION SELECT 'AA';--"],
		["named __proto__", () => "__proto__"],
		["that is empty", () => ""],
		["that is null", () => null],
		["that is a number", () => 0],
		["that is an array", ({ sender }) => [sender.issuer]],
		["that is an object", ({ sender }) => ({ toString: sender.issuer })],
	])("T5: a kid %s is rejected", async (_what, kidOf) => {
		const token = await stage.forge({ header: stage.header({ kid: kidOf(stage) }) });
		await stage.refuse(token, "token/key-id", 0);
	});

	it("T5: a kid of another organization is rejected, whichever of the two signed", async () => {
		const { sender, receiver } = stage;
		const own = await stage.forge({ header: stage.header({ kid: receiver.issuer }), key: receiver.key });
		await stage.refuse(own, "token/key-id", 0);
		const reverse = await stage.forge({
			payload: stage.claims({ iss: receiver.issuer }),
			key: sender.key,
		});
		await stage.refuse(reverse, "token/key-id", 0);
	});

	it("T5: without a kid the fragment of iss selects the key", async () => {
		const header = stage.header({ kid: undefined });
		const { keyId } = await stage.verify(await stage.forge({ header }));
		expect(keyId).toBe(stage.sender.issuer);
		const payload = stage.claims({ iss: `${stage.sender.did}#other` });
		await stage.refuse(await stage.forge({ header, payload }), "did/key-not-found", 1);
	});
});

describe("T6: crit", () => {
	it.each<[string, object]>([
		["of an unknown name", { crit: ["urn:example:x"], "urn:example:x": true }],
		["of an unknown name that is absent", { crit: ["urn:example:x"] }],
		["of exp that is present", { crit: ["exp"], exp: 1 }],
		["of a registered name", { crit: ["alg"] }],
		["of b64", { crit: ["b64"], b64: true }],
		["that is empty", { crit: [] }],
		["that is a string", { crit: "exp" }],
		["with a duplicate name", { crit: ["exp", "exp"], exp: 1 }],
		["that contains null", { crit: [null] }],
		["that is null", { crit: null }],
		["that is an object", { crit: { 0: "exp", length: 1 }, exp: 1 }],
	])("T6: crit %s is rejected", async (_what, members) => {
		await stage.refuse(await stage.forge({ header: stage.header({ ...members }) }), "token/critical", 0);
	});
});

describe("T7, T8, T9: parameters that change the token's meaning", () => {
	it.each<[string, object, "token/header" | "token/critical" | "token/type"]>([
		["T7: b64 false", { b64: false }, "token/header"],
		["T7: b64 false with crit", { b64: false, crit: ["b64"] }, "token/critical"],
		["T7: b64 true", { b64: true }, "token/header"],
		["T8: zip", { zip: "DEF" }, "token/header"],
		["T8: enc", { enc: "A256GCM" }, "token/header"],
		["T9: cty JWT", { cty: "JWT" }, "token/header"],
		["T9: typ dpop+jwt", { typ: "dpop+jwt" }, "token/type"],
		["T9: typ at+jwt", { typ: "at+jwt" }, "token/type"],
		["T9: typ JWS", { typ: "JWS" }, "token/type"],
		["T9: typ dpop+jwt as a media type", { typ: "application/dpop+jwt" }, "token/type"],
		["T9: typ in another tree of media types", { typ: "text/JWT" }, "token/type"],
		["T9: typ with a space", { typ: "JWT " }, "token/type"],
		["T9: typ empty", { typ: "" }, "token/type"],
		["T9: typ null", { typ: null }, "token/type"],
		["T9: typ in an array", { typ: ["JWT"] }, "token/type"],
	])("%s is rejected", async (_what, members, code) => {
		await stage.refuse(await stage.forge({ header: stage.header({ ...members }) }), code, 0);
	});

	it.each(["jwt", "Jwt", "application/JWT", "APPLICATION/jwt"])("T9: typ %s is JWT (RFC 7515 4.1.9)", async (typ) => {
		const token = await stage.forge({ header: stage.header({ typ }) });
		expect((await stage.verify(token)).issuer).toBe(stage.sender.did);
	});

	it("T7: an unencoded payload with b64: false is rejected", async () => {
		const header = Buffer.from(JSON.stringify({ ...stage.header(), b64: false, crit: ["b64"] }));
		const token = `${header.toString("base64url")}.{"iss":"x"}.AAAA`;
		await stage.refuse(token, "token/malformed", 0);
	});

	it("T8: a token with five segments, like an encrypted one, is rejected", async () => {
		const token = await stage.forge({ header: stage.header({ enc: "A256GCM" }) });
		await stage.refuse(`${token}.AAAA.AAAA`, "token/malformed", 0);
	});

	it("T8: an unknown parameter that isn't critical is ignored", async () => {
		const header = stage.header({ "urn:example:x": { deep: [1] }, p2c: 1e9, apu: "x", nonce: "n" });
		expect((await stage.verify(await stage.forge({ header }))).issuer).toBe(stage.sender.did);
	});
});
