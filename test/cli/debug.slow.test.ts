import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld } from "../support/cli-world.ts";
import { REFUSING_HOSTS, UNREACHABLE_HOSTS } from "../support/failing-hosts.ts";

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
});
afterAll(() => world.remove());

describe("ORGPASS_DEBUG", () => {
	it.each([...UNREACHABLE_HOSTS, ...REFUSING_HOSTS])(
		"T59: shows what caused an outage: $name; no key of the URL is shown",
		async ({ start, says }) => {
			const { url, host, close } = await start();
			const list = ["org", "list", "--rpc-url", url, "--registry", `0x${"11".repeat(20)}`];
			const plain = await world.run(list);
			const debug = await world.run(list, { env: { ORGPASS_DEBUG: "1" } });
			await close();
			for (const { exitCode, stderr } of [plain, debug]) {
				expect(exitCode).toBe(3);
				const [line = ""] = stderr.split("\n");
				expect(line.replace(/ \(registry\/unreachable\)$/, "")).toMatch(says);
				expect(line).toContain(`"${host}"`);
				expect(stderr).not.toContain("secret");
			}
			expect(plain.stderr).not.toContain("caused by");
			expect(debug.stderr).toMatch(/^caused by \w*Error: .+\n +at /m);
		},
	);

	it("leaves the JSON document as it is, and shows no cause of a refused key", async () => {
		const env = { ORGPASS_DEBUG: "1" };
		const list = ["org", "list", "--rpc-url", "http://127.0.0.1:1", "--registry", `0x${"11".repeat(20)}`, "--json"];
		const outage = await world.run(list, { env });
		expect(outage.json).toEqual({ code: "registry/unreachable", message: expect.any(String) });
		expect(outage.stderr).toMatch(/^caused by Error: connect ECONNREFUSED/);
		const refused = await world.run(["keys", "inspect", "-", "--json"], { env, stdin: '{"kty":"EC" "d":"hunter2"}' });
		expect(refused).toMatchObject({ exitCode: 2, stderr: "" });
	});

	it("shows in doctor what keeps a node from answering", async () => {
		const { stderr } = await world.run(["doctor", "--rpc-url", "http://127.0.0.1:1"], { env: { ORGPASS_DEBUG: "1" } });
		expect(stderr).toMatch(/^caused by Error: connect ECONNREFUSED 127.0.0.1:1\n/);
	});
});
