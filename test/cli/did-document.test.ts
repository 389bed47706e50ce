import { beforeAll, describe, expect, it } from "vitest";
import { useCliRegistry } from "../support/cli-registry.ts";
import { nowSeconds } from "../support/system-clock.ts";

describe("orgpass did resolve, for an organization with keys in a document", () => {
	const stage = useCliRegistry("orgid-v3");
	let did: string;
	beforeAll(async () => {
		const uri = stage.documents.url("org.json");
		({ did } = (await stage.ok("org", "create", "--document-uri", uri)) as { did: string });
		const account = ["--account", `owner1=${stage.owner}`];
		await stage.ok("document", "build", "--did", did, ...account, "--out", "org.json");
	});

	async function publish(...args: string[]): Promise<void> {
		const signing = ["--key", "owner.hex", "--method", "#owner1", "--out", "signed.json", "--force"];
		await stage.ok("document", "sign", "org.json", ...signing, ...args);
		stage.publish("signed.json", "org.json");
	}

	it.each([
		["refused", "{}", 200, 1, "document/subject"],
		["offline", "{}", 503, 3, "document/unreachable"],
	] as const)("T37: shows the on-chain data if the document is %s", async (_what, body, status, ...rest) => {
		const [exitCode, code] = rest;
		stage.documents.serve("org.json", body, { status });
		const { stdout, stderr, exitCode: shown } = await stage.run(["did", "resolve", did]);
		expect(shown).toBe(exitCode);
		expect(stdout).toMatch(new RegExp(`^state {5}active\nowner {5}${stage.owner}\n`, "m"));
		expect(stdout).toMatch(new RegExp(`^ {10}not used: .* \\(${code}\\)$`, "m"));
		expect(stdout).toMatch(/^key {7}#owner from the registry's accounts: /m);
		expect(stderr).toContain(`orgpass document check --did ${did}\n`);
		const json = await stage.run(["did", "resolve", `${did}#k`, "--json"]);
		expect(json).toMatchObject({ exitCode, stderr: "" });
		expect(json.json).toMatchObject({
			...{ code, message: expect.any(String), didDocument: { id: did } },
			didDocumentMetadata: { canonicalId: did, documentError: { code } },
		});
	});

	it("shows when a credential is expired or not yet valid", async () => {
		const show = async () => (await stage.run(["did", "resolve", did])).stdout;
		await publish("--now", String(nowSeconds() - 100), "--expires", "50s");
		expect(await show()).toMatch(/the owner, EXPIRED at 20\S+ \(\d+[smhd] ago\); tokens of its keys are refused$/m);
		await publish("--now", String(nowSeconds() + 1_000));
		expect(await show()).toMatch(
			/the owner, NOT VALID before 20\S+ \(in \d+[smhd]\); tokens of its keys are refused$/m,
		);
		await publish("--expires", "1h");
		expect(await show()).toMatch(/the owner, valid from 20\S+ \(\d+[smhd] ago\) until 20\S+ \(in \d+[smhd]\)$/m);
	});

	it("T75: shows the keys of a document that other verifiers don't see, and why", async () => {
		const built = JSON.parse(stage.read("org.json")) as { verificationMethod: object[] };
		const method = { type: "EcdsaSecp256k1VerificationKey2019", controller: did };
		const publicKeyHex = "034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa";
		const revocation = { reason: "lost", invalidityDate: "2020-01-01T00:00:00Z" };
		const methods = [
			{ ...method, id: "#revoked", publicKeyHex, verificationMethodRevocation: revocation },
			{ ...method, id: "#soon", publicKeyHex, revoked: "2999-01-01T00:00:00Z" },
			{ ...method, id: "#expired", publicKeyHex, expirationDate: "2020-01-01T00:00:00Z" },
			{ ...method, id: "#never", publicKeyHex, validFrom: "soon" },
			{ ...method, id: "#broken", publicKeyHex: "00" },
			{ ...method, id: "#account", publicKeyHex: stage.owner.slice(2) },
			{ ...method, id: "#unlisted", publicKeyHex },
		];
		const listed = methods.map(({ id }) => id).filter((id) => id !== "#unlisted");
		const { verificationMethod } = built;
		stage.write(
			"org.json",
			JSON.stringify({ ...built, authentication: listed, verificationMethod: [...verificationMethod, ...methods] }),
		);
		await publish();
		stage.write("org.json", JSON.stringify(built));
		const { stdout } = await stage.run(["did", "resolve", did]);
		const shown = (name: string, facts: string): RegExp =>
			new RegExp(`^key {7}#${name} from the document .*2019${facts}$`, "m");
		expect(stdout).toMatch(shown("revoked", ", REVOKED 2020-01-01\\S* \\(\\d+d ago\\)"));
		expect(stdout).toMatch(shown("soon", ", to be revoked 2999-01-01\\S* \\(in \\d+d\\)"));
		expect(stdout).toMatch(shown("expired", ", EXPIRED 2020-01-01\\S* \\(\\d+d ago\\)"));
		expect(stdout).toMatch(shown("never", ", NOT VALID before 9999-\\S* \\(in \\d+d\\)"));
		expect(stdout).toMatch(shown("broken", ", NOT USABLE: the key .* is unusable: .*"));
		expect(stdout).toMatch(
			shown("account", ", NOT USABLE: the key .* is unusable: this is an account's address, not a key"),
		);
		expect(stdout).toMatch(shown("unlisted", ", not for authentication"));
		const { didDocument } = await stage.ok("did", "resolve", did);
		expect(didDocument).toMatchObject({ authentication: [`${did}#soon`] });
	});

	it("document check reports a credential that is valid only because of the tolerance", async () => {
		const now = nowSeconds();
		await publish("--now", String(now - 100), "--expires", "100s");
		const check = (at: number) => stage.run(["document", "check", "--did", did, "--now", String(at)]);
		expect((await check(now - 1)).stdout).toMatch(/^ok {4}validity$/m);
		expect((await check(now + 10)).stdout).toMatch(/^ok {4}validity {3}expired: .* tolerance of 30 s$/m);
		expect((await check(now - 110)).stdout).toMatch(/^ok {4}validity {3}not valid yet: .* 30 s$/m);
	});
});
