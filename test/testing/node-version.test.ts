import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/errors.ts";
import { assertNodeVersion } from "../../src/testing/node-version.ts";

describe("assertNodeVersion", () => {
	it.each(["v22.12.0", "v22.23.3", "v24.0.0", "v100.1.0"])("accepts %s", (version) => {
		expect(() => assertNodeVersion(version)).not.toThrow();
	});

	it.each(["v20.20.2", "v22.11.0", "v22.2.0", "v9.12.0"])(
		"names the version that is needed instead of %s",
		(version) => {
			const error = new ConfigError("config/missing", `expected Node.js 22.12 or later, got ${version}`);
			expect(() => assertNodeVersion(version)).toThrow(error);
		},
	);

	it("accepts the one that runs the tests", () => {
		expect(() => assertNodeVersion()).not.toThrow();
	});
});
