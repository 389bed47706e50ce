import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const RSA = ["--algorithm", "RS256"] as const;

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
});
afterAll(() => world.remove());

it("keys generate encrypts an RSA key with a password that opens it", async () => {
	world.write("password", "hunter2\n");
	const args = [...RSA, "--out", "encrypted.pem", "--password", "password", "--json"];
	const made = await world.run(["keys", "generate", ...args]);
	expect(world.read("encrypted.pem")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
	const open = ["keys", "inspect", "encrypted.pem", ...RSA, "--json"];
	const seen = await world.run(open, { answers: ["hunter2"] });
	expect(seen.json["thumbprint"]).toBe(made.json["thumbprint"]);
	expectRefusal(await world.run(open, { answers: ["hunter3"] }), 2, "key/password-wrong");
});
