/** Organizations in the inspector's page whose document is on another host. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { useDocumentServer } from "../support/document-server.ts";
import {
	pasteToken,
	type RunningPage,
	readVerdict,
	startInspector,
	useInspectorStage,
} from "../support/inspector-page.ts";
import { describeWithTool } from "../support/tools.ts";

const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;

describeWithTool("documents in the inspector", "chromium", ["--version"], () => {
	const stage = useInspectorStage();
	const documents = useDocumentServer();
	let allowing: RunningPage;
	let chainKey: string;
	let documentKey: string;
	beforeAll(async () => {
		allowing = await startInspector(stage, ["--connect", documents.url("/")]);
		const did = await stage.organization("chain.pem");
		await stage.ok("keys", "generate", "--out", "document.pem");
		const { publicKeyHex } = (await stage.ok("keys", "inspect", "document.pem")) as { publicKeyHex: string };
		const method = { id: `${did}#listed`, controller: did, type: "EcdsaSecp256k1VerificationKey2019", publicKeyHex };
		const document = {
			id: did,
			created: "2026-01-01T00:00:00Z",
			verificationMethod: [method],
			authentication: [method.id],
		};
		stage.write("org.json", JSON.stringify(document));
		const uri = documents.serve("/org.json", stage.read("org.json"), {
			headers: { "access-control-allow-origin": "*" },
		});
		await stage.ok("org", "set-document", did, "--document-uri", uri, "--document-file", "org.json");
		const mint = async (key: string, fragment: string): Promise<string> => {
			const options = ["--key", key, "--issuer", `${did}#${fragment}`, "--audience", AUDIENCE];
			return ((await stage.ok("token", "mint", ...options)) as { token: string }).token;
		};
		chainKey = await mint("chain.pem", "webserver");
		documentKey = await mint("document.pem", "listed");
	});
	afterAll(() => allowing.stop());

	async function open(url: string, token: string): Promise<void> {
		await stage.page.goto("about:blank");
		await stage.page.goto(url);
		await pasteToken(stage.page, token);
	}

	it("are fetched from a host that --connect allows", async () => {
		await open(allowing.url, documentKey);
		expect(await readVerdict(stage.page)).toEqual({ outcome: "accepted", step: null });
		expect(await stage.page.locator("[data-step=document].passed").count()).toBe(1);
		expect(await stage.page.getByText("from the document's host").count()).toBe(1);
		expect(await stage.page.getByText("This page may not ask").count()).toBe(0);
	});

	it("aren't fetched without it: there is no verdict on their keys, and the page says which host it may not ask", async () => {
		const before = documents.requests("/org.json");
		await open(stage.url, documentKey);
		expect(await readVerdict(stage.page)).toEqual({ outcome: "failed", step: "document" });
		const { origin } = new URL(documents.url("/"));
		await stage.page.getByText(`This page may not ask ${origin}. The option --connect allows it`).waitFor();
		expect(documents.requests("/org.json")).toBe(before);
	});

	it("don't matter to keys on chain", async () => {
		await open(stage.url, chainKey);
		expect(await readVerdict(stage.page)).toEqual({ outcome: "accepted", step: null });
		await stage.page.getByText("This page may not ask").waitFor();
	});
});
