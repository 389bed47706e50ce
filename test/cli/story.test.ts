/** The whole story, with keys from wherever people have them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliStage, startCliStage } from "../support/cli-chain.ts";
import { describeWithTool } from "../support/tools.ts";

/** What jose 2 has of its own; its types can't be imported from ESM. */
interface Jose2 {
	readonly JWK: { asKey(pem: string): unknown };
	readonly JWT: { sign(claims: object, key: unknown, options: object): string };
}

let stage: CliStage;
let audience: string;
beforeAll(async () => {
	stage = await startCliStage();
	audience = (await stage.ok("org", "create"))["did"] as string;
});
afterAll(() => stage.end());

/** Everything from a key file to a deactivated organization. */
async function tellStory(keyFile: string): Promise<void> {
	const { did } = (await stage.ok("org", "create")) as { did: string };
	const key = ["--fragment", "webserver", "--public-key", keyFile];
	const added = await stage.ok("org", "add-key", did, ...key);
	expect(added).toMatchObject({ did, keyId: `${did}#webserver`, fragment: "webserver" });
	const minted = await stage.run([
		...["token", "mint", "--key", keyFile, "--issuer", `${did}#webserver`, "--audience", audience],
		...["--scope", "book cancel", "sub=order-1"],
	]);
	expect(minted.stderr).toBe("");
	const token = minted.stdout.trimEnd();
	const verify = () =>
		stage.run(["token", "verify", token, "--audience", audience, "--scope", "book", "--json"]);

	const good = await verify();
	expect(good).toMatchObject({ exitCode: 0, stderr: "" });
	expect(good.json).toEqual({
		valid: true,
		profile: "orgid",
		issuer: did,
		keyId: `${did}#webserver`,
		claims: expect.objectContaining({ iss: `${did}#webserver`, aud: audience, sub: "order-1" }),
		scopes: ["book", "cancel"],
		expiresAt: expect.any(Number),
		organization: expect.objectContaining({ did, active: true }),
	});

	expect(await stage.ok("org", "revoke-key", did, "--fragment", "webserver")).toMatchObject({
		did,
		keyId: `${did}#webserver`,
	});
	const revoked = await verify();
	expect(revoked).toMatchObject({ exitCode: 1, stderr: "" });
	expect(revoked.json).toEqual({ valid: false, code: "did/key-revoked", message: expect.any(String) });

	await stage.ok("org", "deactivate", did);
	const inactive = await verify();
	expect(inactive.exitCode).toBe(1);
	expect(inactive.json).toEqual({ valid: false, code: "did/deactivated", message: expect.any(String) });
}

describe("from a key to a verified token, a revoked key and a deactivated organization", () => {
	it.each(["sec1", "pkcs8", "jwk", "hex"])("with a key of our own as %s", async (format) => {
		const file = `own.${format}`;
		await stage.ok("keys", "generate", "--out", file, "--format", format);
		await tellStory(file);
	});
});

describeWithTool("the same with OpenSSL's keys", "openssl", ["version"], (openssl) => {
	const parameters = ["ecparam", "-name", "secp256k1", "-genkey"];

	it.each<[string, () => string]>([
		["-genkey -noout", () => openssl([...parameters, "-noout"])],
		["-genkey, -noout left out", () => openssl(parameters)],
		["PKCS#8", () => openssl(["pkcs8", "-topk8", "-nocrypt"], openssl(parameters))],
		["genpkey", () => openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"])],
		["DOS line ends", () => openssl(parameters).replaceAll("\n", "\r\n")],
		[
			"a compressed point",
			() => openssl(["ec", "-conv_form", "compressed"], openssl([...parameters, "-noout"])),
		],
	])("%s", async (what, make) => {
		await tellStory(stage.write(`openssl ${what.replaceAll(/\W/g, "-")}.pem`, make()));
	});

	it("T62: warns about OpenSSL's own 0644 file, and works", async () => {
		const file = stage.write("default.pem", openssl([...parameters, "-noout"]), 0o644);
		const { exitCode, stderr } = await stage.run(["keys", "inspect", file]);
		expect({ exitCode, stderr }).toEqual({
			exitCode: 0,
			stderr: `warning: others can read "${file}"; run chmod 600 on it\n`,
		});
	});

	it("opens PKCS#8 that OpenSSL encrypted, with its password", async () => {
		const args = ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:hunter2"];
		stage.write("encrypted.pem", openssl(args, openssl(parameters)));
		const open = ["keys", "inspect", "encrypted.pem", "--json"];
		const opened = await stage.run(open, { env: { ORGPASS_PASSWORD: "hunter2" } });
		expect(opened.json).toMatchObject({ private: true, kind: "secp256k1" });
		const refused = await stage.run(open, { env: { ORGPASS_PASSWORD: "hunter3" } });
		expect(refused.json).toMatchObject({ code: "key/password-wrong" });
	});

	it("shows the same public key as OpenSSL does", async () => {
		const pem = openssl(parameters);
		const { json } = await stage.run(["keys", "inspect", "-", "--json"], { stdin: pem });
		expect(json["publicKeyPem"]).toBe(openssl(["ec", "-pubout"], pem));
	});
});

const python = process.env["ORGPASS_PYTHON"] ?? "python3";
describeWithTool("the same with python-ecdsa's keys", python, ["-c", "import ecdsa"], (run) => {
	it.each([
		["SEC 1", "to_pem()"],
		["PKCS#8", "to_pem(format='pkcs8')"],
		["a compressed point", "to_pem(point_encoding='compressed')"],
	])("%s", async (what, call) => {
		const script = `import ecdsa; print(ecdsa.SigningKey.generate(curve=ecdsa.SECP256k1).${call}.decode())`;
		await tellStory(stage.write(`python ${what.replaceAll(/\W/g, "-")}.pem`, run(["-c", script])));
	});
});

describe("a token by jose 2 as the tutorial has it", () => {
	it("is refused for its lifetime by default and verifies with --max-lifetime 400d", async () => {
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
