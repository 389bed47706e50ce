/**
 * The whole story of a key, told with the command line.
 * @module
 */
import { expect } from "vitest";
import type { CliStage } from "./cli-chain.ts";

/** Everything from a key file to a deactivated organization. */
export async function tellStory(stage: CliStage, audience: string, keyFile: string): Promise<void> {
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
	const verify = () => stage.run(["token", "verify", token, "--audience", audience, "--scope", "book", "--json"]);

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
