/** The whole story, with keys of other programs. */
import { beforeAll, expect, it } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { tellStory } from "../support/cli-story.ts";
import { describeWithTool } from "../support/tools.ts";

const stage = useCliStage();
let audience: string;
beforeAll(async () => {
	audience = (await stage.ok("org", "create"))["did"] as string;
});

describeWithTool("the same with OpenSSL's keys", "openssl", ["version"], (openssl) => {
	const parameters = ["ecparam", "-name", "secp256k1", "-genkey"];

	it.each<[string, () => string]>([
		["-genkey -noout", () => openssl([...parameters, "-noout"])],
		["-genkey without -noout", () => openssl(parameters)],
		["PKCS#8", () => openssl(["pkcs8", "-topk8", "-nocrypt"], openssl(parameters))],
		["genpkey", () => openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"])],
		["DOS line endings", () => openssl(parameters).replaceAll("\n", "\r\n")],
		["a compressed point", () => openssl(["ec", "-conv_form", "compressed"], openssl([...parameters, "-noout"]))],
	])("%s", async (what, make) => {
		await tellStory(stage, audience, stage.write(`openssl ${what.replaceAll(/\W/g, "-")}.pem`, make()));
	});

	it("T62: warns about OpenSSL's default mode of 0644, but works", async () => {
		const file = stage.write("default.pem", openssl([...parameters, "-noout"]), 0o644);
		const { exitCode, stderr } = await stage.run(["keys", "inspect", file]);
		expect({ exitCode, stderr }).toEqual({
			exitCode: 0,
			stderr: `warning: others can read "${file}"; run chmod 600 on it\n`,
		});
	});

	it("opens PKCS#8 encrypted by OpenSSL with its password", async () => {
		const args = ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:hunter2"];
		stage.write("encrypted.pem", openssl(args, openssl(parameters)));
		const open = ["keys", "inspect", "encrypted.pem", "--json"];
		const opened = await stage.run(open, { env: { ORGPASS_PASSWORD: "hunter2" } });
		expect(opened.json).toMatchObject({ private: true, kind: "secp256k1" });
		const refused = await stage.run(open, { env: { ORGPASS_PASSWORD: "hunter3" } });
		expect(refused.json).toMatchObject({ code: "key/password-wrong" });
	});

	it("shows the same public key as OpenSSL", async () => {
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
		await tellStory(stage, audience, stage.write(`python ${what.replaceAll(/\W/g, "-")}.pem`, run(["-c", script])));
	});
});
