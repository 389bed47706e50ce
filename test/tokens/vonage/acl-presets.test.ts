import { describe, expect, it } from "vitest";
import { aclAllows, parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { clientSdkAcl } from "../../../src/tokens/vonage/acl-presets.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";

/** The paths of the sample token in Vonage's guide, as it spells them. */
const DOCUMENTED = [
	"/*/users/**",
	"/*/conversations/**",
	"/*/sessions/**",
	"/*/devices/**",
	"/*/image/**",
	"/*/media/**",
	"/*/applications/**",
	"/*/push/**",
	"/*/knocking/**",
	"/*/legs/**",
];

describe("clientSdkAcl", () => {
	it("returns the documentation's sample by default", () => {
		expect(Object.entries(clientSdkAcl().paths)).toEqual(DOCUMENTED.map((path) => [path, {}]));
		expect(clientSdkAcl({})).toEqual(clientSdkAcl());
	});

	it("allows any method below its resources in any version, and nothing else", () => {
		const acl = clientSdkAcl();
		expect(aclAllows(acl, { method: "DELETE", path: "/v0.3/legs/1" })).toBe(true);
		expect(aclAllows(acl, { method: "GET", path: "/v1/users" })).toBe(true);
		expect(aclAllows(acl, { method: "GET", path: "/v1/calls" })).toBe(false);
		expect(aclAllows(acl, { method: "GET", path: "/v1/rtc/1" })).toBe(false);
	});

	it("accepts a selection of resources, including rtc from newer samples", () => {
		const options = deepFreeze({ resources: ["sessions", "rtc"] as const });
		const acl = clientSdkAcl(options);
		expect(Object.keys(acl.paths)).toEqual(["/*/sessions/**", "/*/rtc/**"]);
		expect(clientSdkAcl(options)).toEqual(acl);
	});

	it("returns a deeply frozen list that is already parsed", () => {
		const acl = clientSdkAcl();
		expect(deepFreeze(acl)).toBe(acl);
		expect([acl, acl.paths, ...Object.values(acl.paths)].every(Object.isFrozen)).toBe(true);
		expect(parseAcl(acl)).toBe(acl);
	});

	it.each<[unknown, "config/unknown-option" | "config/invalid-option"]>([
		[{ resource: ["users"] }, "config/unknown-option"],
		[{ resources: [] }, "config/invalid-option"],
		[{ resources: "users" }, "config/invalid-option"],
		[{ resources: ["calls"] }, "config/invalid-option"],
		[{ resources: ["../x"] }, "config/invalid-option"],
		[{ resources: ["constructor"] }, "config/invalid-option"],
		[null, "config/invalid-option"],
		["users", "config/invalid-option"],
	])("rejects %j with %s", async (options, code) => {
		await expectRefusal(() => clientSdkAcl(options as object), code);
	});
});
