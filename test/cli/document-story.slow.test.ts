/** An organization with a document, on every generation of registry, by commands alone. */
import { beforeAll, describe, expect, it } from "vitest";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { useCliRegistry } from "../support/cli-registry.ts";

const KINDS: readonly RegistryKind[] = ["orgpass", "orgid-v1", "orgid-v3"];
const PLACEHOLDER = `0x${"11".repeat(32)}`;

describe.each(KINDS)("a document on %s", (kind) => {
	const isProved = kind === "orgid-v3";
	const stage = useCliRegistry(kind);
	let did: string;
	let uri: string;
	beforeAll(async () => {
		uri = stage.documents.url("org.json");
		await stage.ok("keys", "generate", "--out", "k.pem");
	});

	const check = () => stage.run(["document", "check", "--did", did, "--json"]);
	const names = (checks: unknown) => (checks as { name: string }[]).map(({ name }) => name);

	it("is built, signed if necessary, published, registered and checked", async () => {
		const hash = isProved ? [] : ["--document-hash", PLACEHOLDER];
		({ did } = (await stage.ok("org", "create", "--document-uri", uri, ...hash)) as { did: string });
		const account = isProved ? ["--account", `owner1=${stage.owner}`] : [];
		const flags = ["--did", did, "--key", "webserver=k.pem", ...account, "--out", "draft.json"];
		const generation = isProved ? ["--kind", "orgid-v3"] : [];
		const built = await stage.ok("document", "build", ...flags, ...generation);
		expect(built).toEqual({
			did,
			generation: isProved ? "1.x" : "0.x",
			hash: (await stage.ok("document", "hash", "draft.json"))["hash"],
			file: "draft.json",
			...(isProved ? {} : { settingsFile: expect.anything() }),
		});
		if (isProved) {
			const signing = ["--key", "owner.hex", "--method", "#owner1", "--out", "org.json", "--expires", "30d"];
			const signed = await stage.ok("document", "sign", "draft.json", ...signing);
			expect(signed).toMatchObject({ did, issuer: did, verificationMethod: `${did}#owner1` });
		} else stage.write("org.json", stage.read("draft.json"));
		stage.publish("org.json");
		const set = ["org", "set-document", did, "--document-uri", uri];
		if (isProved) await stage.ok(...set);
		else await stage.ok(...set, "--document-file", "org.json");

		const { exitCode, json, stderr } = await check();
		expect({ exitCode, stderr, json }).toMatchObject({ exitCode: 0, stderr: "", json: { ok: true, did } });
		expect(Object.keys(json)).toEqual(["ok", "checks", "did", "source", "settingsFile"]);
		const proof = ["proof", "signer", "signature", "validity"];
		expect(names(json["checks"])).toEqual([
			...["fetch", ...(isProved ? [] : ["hash"])],
			...["syntax", "subject", "keys", ...(isProved ? proof : [])],
		]);
	});

	it("is resolved with the source of every key", async () => {
		const { stdout } = await stage.run(["did", "resolve", did]);
		expect(stdout).toContain(`key       #webserver from the document "${uri}": `);
		expect(stdout).toMatch(/verified by (its hash on chain|the proof of the owner, valid from .* until )/);
		expect(stdout).toMatch(/^key {7}#owner from the registry's accounts: /m);
		const { didDocumentMetadata } = await stage.ok("did", "resolve", did);
		expect(didDocumentMetadata).toMatchObject({ documentUri: uri });
	});

	it("provides the key for tokens", async () => {
		const minting = ["token", "mint", "--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", did];
		const { token } = await stage.ok(...minting);
		const verified = await stage.ok("token", "verify", token as string, "--audience", did);
		expect(verified).toMatchObject({ valid: true, keyId: `${did}#webserver` });
	});

	it("provides the owner's account for tokens, only with the matching --profile", async () => {
		const profiles = ["orgid-account", "orgid-eth", ...(isProved ? ["orgid-eip712"] : [])];
		for (const profile of profiles) {
			const issuer = profile === "orgid-eip712" ? `${did}#owner1` : did;
			const minting = ["--key", "owner.hex", "--issuer", issuer, "--audience", did];
			const { token } = await stage.ok("token", "mint", "--profile", profile, ...minting);
			const verify = ["token", "verify", token as string, "--audience", did];
			const asked = profiles.flatMap((name) => ["--profile", name]);
			expect(await stage.ok(...verify, ...asked)).toMatchObject({ valid: true, profile });
			const refused = await stage.run([...verify, "--json"]);
			expect(refused).toMatchObject({ exitCode: 1, json: { valid: false, code: "token/algorithm" } });
			const { stdout } = await stage.run(verify);
			expect(stdout).toMatch(new RegExp(`^refused: .*\\naccept it with --profile ${profile}\n$`));
			const other = await stage.run([...verify, "--profile", "orgid"]);
			expect(other.stdout).not.toContain("--profile");
		}
	});

	it("is rejected after tampering, with exit code 1 and the failed check", async () => {
		stage.documents.serve("org.json", stage.read("org.json").replace("created", "creator"));
		const { exitCode, json } = await check();
		const code = isProved ? "document/proof-invalid" : "document/hash-mismatch";
		expect({ exitCode, json }).toMatchObject({ exitCode: 1, json: { ok: false, code, source: uri } });
		const { stdout } = await stage.run(["document", "check", "--did", did]);
		expect(stdout).toMatch(isProved ? /^FAIL {2}proof /m : /^FAIL {2}hash /m);
		expect((await stage.run(["did", "resolve", did, "--json"])).json).toMatchObject({ code });
	});

	it("is an outage if its host fails, with exit code 3", async () => {
		stage.documents.serve("org.json", "{}", { status: 503 });
		const { exitCode, json } = await check();
		expect({ exitCode, json }).toMatchObject({ exitCode: 3, json: { code: "document/unreachable" } });
		const { exitCode: outage, stderr } = await stage.run(["did", "resolve", did]);
		expect(outage).toBe(3);
		expect(stderr).toContain(`orgpass document check --did ${did}\n`);
	});

	it("can be checked as a file before publication, and at any other address", async () => {
		const file = await stage.ok("document", "check", "org.json", "--did", did);
		expect(file).toMatchObject({ ok: true, source: "org.json" });
		const elsewhere = stage.publish("org.json", "backup.json");
		expect(await stage.ok("document", "check", elsewhere, "--did", did)).toMatchObject({ ok: true });
	});
});
