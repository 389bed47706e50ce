import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { useCliStage } from "../support/cli-chain.ts";
import { expectRefusal } from "../support/cli-world.ts";

afterEach(() => {
	vi.useRealTimers();
});

describe("orgpass did resolve", () => {
	const stage = useCliStage();
	let did: string;
	beforeAll(async () => {
		did = await stage.organization("k.pem");
	});

	it("shows the document and metadata of the canonical DID, whatever form was given", async () => {
		const short = `did:orgid:0X${did.slice(-64).toUpperCase()}`;
		for (const typed of [did, short, `${did}#webserver`]) {
			expect(await stage.ok("did", "resolve", typed)).toMatchObject({
				didDocument: {
					id: did,
					verificationMethod: [{ id: `${did}#webserver` }, { id: `${did}#owner` }],
					authentication: [`${did}#webserver`],
				},
				didDocumentMetadata: { canonicalId: did, organization: { did, active: true } },
				didResolutionMetadata: { contentType: "application/did+ld+json" },
			});
		}
		const { stdout } = await stage.run(["did", "resolve", did]);
		expect(stdout).toMatch(/^did:orgid:31337:.*\nstate {5}active\nowner {5}0x.*\ndirector {2}none\nregistry {2}0x/);
		expect(stdout).toMatch(/^key {7}#webserver from the registry: EcdsaSecp256k1VerificationKey2019$/m);
		expect(stdout).toMatch(
			/^key {7}#owner from the registry's accounts: EcdsaSecp256k1RecoveryMethod2020, eip155:31337:0x/m,
		);
	});

	it("shows an earlier state by block and by time", async () => {
		const did = await stage.organization("revoked.pem");
		const { blockNumber: before } = await stage.ok("org", "show", did);
		const { blockNumber } = await stage.ok("org", "revoke-key", did, "--fragment", "webserver");
		const { didDocument } = await stage.ok("did", "resolve", did, "--version-id", String(before));
		expect(didDocument).toMatchObject({ authentication: [`${did}#webserver`] });
		const now = await stage.ok("did", "resolve", did, "--version-id", String(blockNumber));
		expect(now["didDocument"]).toMatchObject({ authentication: [] });
		expect(now["didDocumentMetadata"]).toMatchObject({ versionId: String(blockNumber) });
		const { didDocumentMetadata } = await stage.ok("did", "resolve", did, "--version-time", "2999-01-01");
		expect(didDocumentMetadata).toMatchObject({ versionId: String(blockNumber) });
	});

	it.each([
		["a time before the chain's first block", ["--version-time", "2001-01-01"], 1, "did/not-found"],
		["an invalid block", ["--version-id", "latest"], 2, "config/invalid-option"],
		["an invalid time", ["--version-time", "yesterday"], 2, "config/invalid-option"],
		["two versions", ["--version-id", "1", "--version-time", "2001-01-01"], 2, "config/usage"],
	])("rejects %s", async (_what, args, exitCode, code) => {
		expectRefusal(await stage.run(["did", "resolve", did, ...args, "--json"]), exitCode, code);
	});

	it("T75: shows keys that aren't in force with their state, although the DID document leaves them out", async () => {
		const other = await stage.organization("times.pem");
		const times: readonly (readonly [string, readonly string[]])[] = [
			["past", ["--valid-from", "2001-01-01", "--valid-until", "2002-01-01"]],
			["future", ["--valid-from", "2999-01-01"]],
			["now", ["--valid-until", "2999-01-01"]],
		];
		for (const [fragment, args] of times) {
			await stage.ok("keys", "generate", "--out", `${fragment}.pem`);
			const key = ["--fragment", fragment, "--public-key", `${fragment}.pem`];
			if (fragment === "past") vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2001, 5) });
			expect(await stage.run(["org", "add-key", other, ...key, ...args])).toMatchObject({ exitCode: 0 });
			vi.useRealTimers();
		}
		const { didDocument, didDocumentMetadata } = await stage.ok("did", "resolve", other);
		const idsOf = (names: readonly string[]): string[] => names.map((name) => `${other}#${name}`);
		expect(didDocument).toMatchObject({ authentication: idsOf(["webserver", "now"]) });
		expect(didDocumentMetadata).toMatchObject({ withheld: { authentication: idsOf(["past", "future"]) } });
		const show = async (): Promise<string> => (await stage.run(["did", "resolve", other])).stdout;
		const lines = [
			/^key {7}#past from the registry: .*2019, valid from 2001-01-01\S* \(\d+d ago\), EXPIRED 2002-01-01\S* \(\d+d ago\)$/m,
			/^key {7}#future from the registry: .*2019, NOT VALID before 2999-01-01\S* \(in \d+d\)$/m,
			/^key {7}#now from the registry: .*2019, valid until 2999-01-01\S* \(in \d+d\)$/m,
			/^key {7}#webserver from the registry: EcdsaSecp256k1VerificationKey2019$/m,
		];
		for (const line of lines) expect(await show()).toMatch(line);
		await stage.ok("org", "deactivate", other);
		expect(await show()).toMatch(/^state {5}deactivated on chain$/m);
		for (const line of [...lines, /^key {7}#owner from the registry's accounts: /m]) expect(await show()).toMatch(line);
		expect(await stage.ok("did", "resolve", other)).toMatchObject({ didDocument: { verificationMethod: [] } });
	});

	it("says of a key that doesn't exist that there is none, with exit code 1", async () => {
		for (const named of [[`${did}#nokey`], [did, "--fragment", "nokey"]]) {
			const { exitCode, stdout } = await stage.run(["did", "resolve", ...named]);
			expect({ exitCode, stdout }).toEqual({
				exitCode: 1,
				stdout: expect.stringMatching(/\nkey {7}#webserver from .*\nkey {7}#nokey: no such key\n$/s),
			});
			const { json } = await stage.run(["did", "resolve", ...named, "--json"]);
			expect(json).toMatchObject({
				...{ code: "did/key-not-found", message: "there is no key #nokey" },
				didDocument: { id: did },
			});
		}
		for (const name of ["webserver", "owner"]) {
			const { exitCode, stdout } = await stage.run(["did", "resolve", `${did}#${name}`]);
			expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.not.stringContaining("no such key") });
		}
		const other = await stage.organization("gone.pem");
		await stage.ok("org", "revoke-key", `${other}#webserver`);
		const { exitCode, stdout } = await stage.run(["did", "resolve", `${other}#webserver`]);
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.not.stringContaining("no such key") });
	});

	it("T36: shows that an organization is deactivated", async () => {
		const did = await stage.organization("deactivated.pem");
		await stage.ok("org", "deactivate", did);
		const { didDocumentMetadata } = await stage.ok("did", "resolve", did);
		expect(didDocumentMetadata).toMatchObject({ deactivated: true });
	});

	it("distinguishes an unknown organization (exit code 1) from an outage (exit code 3)", async () => {
		const unknown = ["did", "resolve", `did:orgid:0x${"0b".repeat(32)}`, "--json"];
		expectRefusal(await stage.run(unknown), 1, "did/not-found");
		expectRefusal(await stage.run([...unknown, "--rpc-url", "http://127.0.0.1:1"]), 3, "registry/unreachable");
	});
});
