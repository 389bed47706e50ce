import { beforeEach, describe, expect, it } from "vitest";
import { useCliRegistry } from "../support/cli-registry.ts";

describe("a document signed with another organization's key", () => {
	const stage = useCliRegistry("orgid-v3");
	let hotel: string;
	let agency: string;
	beforeEach(async () => {
		[hotel = "", agency = ""] = await Promise.all([create("hotel.json"), create("agency.json")]);
		await stage.ok("keys", "generate", "--out", "k.pem", "--force");
		const owner = ["--account", `owner1=${stage.owner}`];
		const building = ["--did", agency, "--key", "k=k.pem", ...owner, "--out", "a.json", "--force"];
		await stage.ok("document", "build", ...building);
		const signing = ["--key", "owner.hex", "--method", "#owner1", "--out", "agency.json", "--force"];
		await stage.ok("document", "sign", "a.json", ...signing);
		stage.publish("agency.json");
		stage.write("from.json", JSON.stringify({ capabilityDelegation: [`${agency}#k`] }));
		const from = ["--from", "from.json", "--generation", "1.x", ...owner];
		await stage.ok("document", "build", "--did", hotel, ...from, "--out", "h.json", "--force");
		const delegated = ["--key", "k.pem", "--method", `${agency}#k`, "--as", "key", "--out", "hotel.json"];
		expect(await stage.ok("document", "sign", "h.json", ...delegated, "--force")).toMatchObject({ issuer: agency });
		stage.publish("hotel.json");
	});

	async function create(path: string): Promise<string> {
		const { did } = await stage.ok("org", "create", "--document-uri", stage.documents.url(path));
		return did as string;
	}

	const addDelegate = () => stage.ok("org", "delegates", "add", hotel, `${agency}#k`);
	const check = async () => (await stage.run(["document", "check", "--did", hotel, "--json"])).json;

	it("is rejected until the chain names the key as a delegate", async () => {
		expect(await check()).toMatchObject({ ok: false, code: "document/proof-unauthorized" });
		await addDelegate();
		expect(await check()).toMatchObject({ ok: true });
		const { stdout } = await stage.run(["did", "resolve", hotel]);
		expect(stdout).toContain(`verified by the proof of the delegate ${agency}#k`);
	});

	it("is rejected with advice if the other organization's key has a wrong curve", async () => {
		await addDelegate();
		const document = JSON.parse(stage.read("a.json")) as { verificationMethod: { publicKeyJwk?: object }[] };
		for (const method of document.verificationMethod) {
			if (method.publicKeyJwk !== undefined) Object.assign(method.publicKeyJwk, { crv: "K-256" });
		}
		stage.write("wrong.json", JSON.stringify(document));
		const signing = ["--key", "owner.hex", "--method", "#owner1", "--out", "wrong-signed.json"];
		await stage.ok("document", "sign", "wrong.json", ...signing);
		stage.publish("wrong-signed.json", "agency.json");
		expect(await check()).toMatchObject({
			code: "document/proof-unauthorized",
			message: expect.stringMatching(
				/^the delegate's key: .* is unusable: crv K-256 is .*: change crv to "secp256k1"$/,
			),
		});
	});

	it("is rejected if the other organization's document doesn't match its hash", async () => {
		await addDelegate();
		stage.documents.serve("agency.json", stage.read("a.json"));
		expect(await check()).toMatchObject({ ok: false, code: "document/proof-missing" });
		stage.documents.serve("agency.json", "", { status: 503 });
		const { exitCode } = await stage.run(["document", "check", "--did", hotel]);
		expect(exitCode).toBe(3);
	});
});
