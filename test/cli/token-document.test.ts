/** What `token verify`, which verifies only once, makes of an organization's document. */
import { beforeAll, expect, it } from "vitest";
import { useCliRegistry } from "../support/cli-registry.ts";

const stage = useCliRegistry("orgpass");
let did: string;
let token: string;
beforeAll(async () => {
	await stage.ok("keys", "generate", "--out", "k.pem");
	({ did } = (await stage.ok("org", "create")) as { did: string });
	await stage.ok("org", "add-key", `${did}#a`, "--public-key", "k.pem");
	const minting = ["token", "mint", "--key", "k.pem", "--issuer", `${did}#a`, "--audience", did];
	({ token } = (await stage.ok(...minting)) as { token: string });
});

async function publish(members: object): Promise<void> {
	stage.write("org.json", JSON.stringify({ id: did, created: "2026-01-01T00:00:00Z", ...members }));
	const uri = stage.publish("org.json");
	await stage.ok("org", "set-document", did, "--document-uri", uri, "--document-file", "org.json");
}

const verify = async () => (await stage.run(["token", "verify", token, "--audience", did, "--json"])).json;

it("T36: a key on chain is refused if the document deactivates the organization", async () => {
	await publish({ deactivated: "2026-01-01T00:00:00Z" });
	expect(await verify()).toMatchObject({ valid: false, code: "did/deactivated" });
});

it("a key on chain is accepted while the document can't be fetched", async () => {
	await publish({});
	stage.documents.serve("org.json", "gone", { status: 503 });
	expect(await verify()).toMatchObject({ valid: true });
});

it("a key of the document that is refused is explained", async () => {
	const method = { id: `${did}#b`, controller: did, type: "JsonWebKey2020", publicKeyHex: "11".repeat(20) };
	await publish({ verificationMethod: [method], authentication: [method.id] });
	const minting = ["token", "mint", "--key", "k.pem", "--issuer", method.id, "--audience", did];
	const { token: other } = (await stage.ok(...minting)) as { token: string };
	const { stdout } = await stage.run(["token", "verify", other, "--audience", did]);
	expect(stdout).toMatch(
		/^refused: the key .* is unusable: this is an account's address, not a key \(did\/document-invalid\)$/m,
	);
});
