import { expect, it } from "vitest";
import { createCliWorld } from "../support/cli-world.ts";

it("an unexpected error exits with code 70 and shows neither its message nor a secret", async () => {
	const world = createCliWorld();
	const stdin = new RangeError("disk says hunter2");
	const inspect = ["keys", "inspect", "-"];
	const json = await world.run([...inspect, "--json"], { stdin });
	expect({ exitCode: json.exitCode, stderr: json.stderr }).toEqual({ exitCode: 70, stderr: "" });
	expect(json.json).toEqual({ code: "internal/bug", message: expect.stringContaining("(RangeError)") });
	const plain = await world.run(inspect, { stdin });
	expect({ exitCode: plain.exitCode, stdout: plain.stdout }).toEqual({ exitCode: 70, stdout: "" });
	expect(json.stdout + plain.stderr).not.toContain("hunter2");
	const debug = await world.run(inspect, { stdin, env: { ORGPASS_DEBUG: "1" } });
	expect(debug.stderr).toContain("RangeError: disk says hunter2\n    at ");
	world.remove();
});
