import { describe, expect, it } from "vitest";
import { aclAllows, parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";

type Case = readonly [answer: "yes" | "no", pattern: string, path: string, reason: string];

const CASES: readonly Case[] = [
	["yes", "/v1/users", "/v1/users", "plain segments stand for themselves"],
	["no", "/v1/users", "/v1/user", "a shorter segment is another one"],
	["no", "/v1/users", "/v1/userss", "a pattern is no prefix of a segment"],
	["no", "/v1/users", "/v1/users/alice", "a pattern is no prefix of a path"],
	["no", "/v1/users", "/v1", "the whole pattern must be used"],
	["no", "/v1/users", "/users", "no segment is skipped at the start"],
	["no", "/v1/users", "/api/v1/users", "patterns begin at the root"],
	["no", "/v1/users", "/v1/Users", "paths are case-sensitive"],
	["no", "/v1/users", "/V1/users", "the version, too"],
	["yes", "/", "/", "the root has no segments"],
	["no", "/", "/v1", "the root is not everything"],
	["no", "/v1", "/", "nor is everything below the root"],
	["yes", "/a-b._~!$&'()+,=:@", "/a-b._~!$&'()+,=:@", "marks of RFC 3986 mean themselves"],
	["no", "/a.c", "/abc", "a dot is no wildcard of a regular expression"],
	["no", "/a+", "/aa", "a plus is no repetition"],
	["no", "/(a)", "/a", "parentheses are no group"],
	["yes", "/v1/users.json", "/v1/users.json", "dots within a segment are plain"],
	["yes", "/..a", "/..a", "dots before other characters are plain"],
	["yes", "/a..", "/a..", "dots after other characters are plain"],

	["yes", "/*/users", "/v1/users", "* is one segment"],
	["yes", "/*/users", "/v0.3/users", "* is any one segment"],
	["no", "/*/users", "/users", "* is not none"],
	["no", "/*/users", "/v1/beta/users", "* is not two"],
	["yes", "/v1/*", "/v1/users", "* at the end"],
	["no", "/v1/*", "/v1", "* at the end is not none"],
	["no", "/v1/*", "/v1/", "nor an empty segment"],
	["no", "/v1/*", "/v1/users/alice", "* at the end stops at a slash"],
	["no", "/v1/*", "/v1/a%2Fb", "an encoded slash is a slash to some"],
	["yes", "/*", "/v1", "* alone is one segment"],
	["no", "/*", "/", "* alone isn't the root"],
	["no", "/*", "/a/b", "* alone isn't two"],
	["yes", "/*/*", "/a/b", "each * is a segment"],
	["no", "/*/*", "/a", "each * wants one"],
	["no", "/*/*", "/a/b/c", "and no more"],
	["yes", "/a/*/c/*", "/a/b/c/d", "* between plain segments"],
	["no", "/a/*/c/*", "/a/b/x/d", "plain segments between * still count"],
	["yes", "/v1/*", "/v1/*", "a star in a path is a segment like others"],
	["no", "/v1/users", "/v1/*", "a star in a path is no wildcard"],
	["no", "/v1/users", "/**", "nor are two"],

	["yes", "/**", "/", "** is no segment"],
	["yes", "/**", "/v1", "** is one"],
	["yes", "/**", "/v1/users/alice", "** is many"],
	["yes", "/v1/users/**", "/v1/users", "** at the end is also none"],
	["yes", "/v1/users/**", "/v1/users/alice", "** at the end is one"],
	["yes", "/v1/users/**", "/v1/users/alice/devices/1", "** at the end is many"],
	["no", "/v1/users/**", "/v1/users/", "but no trailing slash"],
	["no", "/v1/users/**", "/v1/usersx", "** begins after a slash"],
	["no", "/v1/users/**", "/v1/users-admin/x", "a longer segment is another one"],
	["no", "/v1/users/**", "/v1", "what stands before ** is needed"],
	["no", "/v1/users/**", "/v1/conversations/1", "and compared"],
	["no", "/v1/users/**", "/v2/users/1", "the version is compared"],
	["yes", "/**/users", "/users", "** at the start is none"],
	["yes", "/**/users", "/v1/users", "or one"],
	["yes", "/**/users", "/a/b/c/users", "or many"],
	["no", "/**/users", "/a/users/b", "what follows ** ends the path"],
	["yes", "/**/users", "/users/users", "** goes past an early match"],
	["yes", "/a/**/z", "/a/z", "** in the middle is none"],
	["yes", "/a/**/z", "/a/b/z", "or one"],
	["yes", "/a/**/z", "/a/z/z/z", "or many, alike ones too"],
	["no", "/a/**/z", "/a", "both ends are needed"],
	["no", "/a/**/z", "/z", "one isn't enough"],
	["no", "/a/**/a", "/a", "a segment is used once"],
	["yes", "/**/a/**", "/x/a/y", "two ** around a segment"],
	["yes", "/**/a/**", "/a", "both may be none"],
	["no", "/**/a/**", "/x/y", "the segment between is needed"],
	["yes", "/**/**", "/", "two ** may be none"],
	["yes", "/**/**", "/a/b/c", "two ** are as one"],
	["yes", "/**/*/**", "/a", "** * ** is at least one"],
	["no", "/**/*/**", "/", "not none"],
	["yes", "/*/**/*", "/a/b", "* ** * is at least two"],
	["no", "/*/**/*", "/a", "not one"],
	["yes", "/**/a/b/**/c", "/a/a/b/b/c", "the last ** goes back far enough"],
	["yes", "/**/a/*/b", "/a/a/a/b", "* within what ** retries"],
	["no", "/**/a/*/b", "/a/b", "* within it wants its segment"],
	["yes", "/a/**/b/**/c", "/a/x/b/b/y/c", "several ** in order"],
	["no", "/a/**/b/**/c", "/a/c/b", "and only in order"],

	["yes", "/*/users/**", "/v1/users/USR-1", "the documentation's users"],
	["yes", "/*/conversations/**", "/v0.3/conversations/CON-1/events", "the documentation's conversations"],
	["no", "/*/conversations/**", "/conversations/CON-1", "its * wants a version"],
	["no", "/*/conversations/**", "/v1/beta/conversations", "one segment of it"],
	["no", "/*/legs/**", "/v1/calls/legs", "and the resource right behind"],

	["no", "/**", "", "an empty path"],
	["no", "/**", "v1/users", "no slash in front"],
	["no", "/**", "*", "the asterisk form of OPTIONS"],
	["no", "/**", "https://api.example/v1/users", "the absolute form"],
	["no", "/**", "//", "nothing but slashes"],
	["no", "/**", "//api.example/v1", "two slashes in front: a host to some"],
	["no", "/**", "/v1//users", "an empty segment: merged by some"],
	["no", "/**", "/v1/users/", "a trailing slash: dropped by some"],
	["no", "/**", "/./v1", "a dot segment at the start"],
	["no", "/**", "/v1/./users", "a dot segment"],
	["no", "/**", "/v1/users/.", "a dot segment at the end"],
	["no", "/**", "/v1/../users", "a double dot: resolved by some"],
	["no", "/**", "/v1/users/..", "a double dot at the end"],
	["no", "/**", "/..", "a double dot alone"],
	["no", "/**", "/v1/.../x", "more dots are no name either"],
	["no", "/v1/public/**", "/v1/public/../admin", "the way out of an allowed folder"],
	["no", "/v1/public/**", "/v1/public/%2e%2e/admin", "the same, encoded"],
	["no", "/v1/public/**", "/v1/public/%2E./admin", "half encoded"],
	["no", "/v1/public/**", "/v1/public/..%2fadmin", "with an encoded slash"],
	["no", "/v1/public/**", "/v1/public/..%5Cadmin", "with an encoded backslash"],
	["no", "/v1/public/**", "/v1/public/..\\admin", "with a backslash"],
	["no", "/v1/public/**", "/v1/public/%252e%252e/admin", "encoded twice"],
	["no", "/v1/public/**", "/v1/public/..;/admin", "with a path parameter"],
	["no", "/v1/public/**", "/v1/public/..%3B/admin", "with an encoded one"],
	["no", "/v1/public/**", "/v1/public/%c0%ae%c0%ae/admin", "overlong UTF-8 for dots"],
	["no", "/v1/public/**", "/v1/public/%E2%80%A5/admin", "U+2025 folds to two dots"],
	["no", "/v1/public/**", "/v1/public/x%EF%BC%8Fy", "U+FF0F folds to a slash"],
	["no", "/v1/public/**", "/v1/public/..%20/admin", "a blank beside dots: trimmed by some"],
	["no", "/v1/public/**", "/v1/public/%20", "nothing but a blank"],
	["no", "/v1/public/**", "/v1/public/%C2%A0..", "a no-break space beside dots"],
	["no", "/**", "/v1;v=2/users", "path parameters: dropped by some"],
	["no", "/**", "/v1/%00", "NUL ends text in some"],
	["no", "/**", "/v1/\0", "a plain NUL"],
	["no", "/**", "/v1/%0d%0a", "a line break"],
	["no", "/**", "/v1/a\nb", "a plain line break"],
	["no", "/**", "/v1/%7F", "DEL"],
	["no", "/**", "/v1/%C2%85", "C1"],
	["no", "/**", "/v1/users?x=/v2", "a query"],
	["no", "/**", "/v1/users?", "an empty query"],
	["no", "/**", "/v1/users%3Fx", "an encoded question mark"],
	["no", "/**", "/v1/users#x", "a fragment"],
	["no", "/**", "/v1/users%23", "an encoded hash"],
	["no", "/**", "/v1/%75sers", "a letter needs no encoding: a disguise"],
	["no", "/**", "/v1/%7Euser", "nor does a tilde"],
	["no", "/**", "/v1/100%", "a percent sign alone"],
	["no", "/**", "/v1/%2", "half an encoding"],
	["no", "/**", "/v1/%zz", "no hexadecimal digits"],
	["no", "/**", "/v1/%4", "one digit"],
	["no", "/**", "/v1/%FF", "no UTF-8"],
	["no", "/**", "/v1/%C3", "UTF-8 cut short"],
	["no", "/**", "/v1/%ED%A0%80", "a surrogate"],
	["no", "/**", "/v1/a b", "a plain blank"],
	["no", "/**", "/v1/ä", "letters beyond ASCII come encoded"],
	["no", "/**", "/v1/{id}", "braces come encoded"],
	["no", "/**", '/v1/"', "quotes come encoded"],
	["yes", "/v1/users/*", "/v1/users/alice%40example.com", "an encoded @ is harmless"],
	["yes", "/v1/users/*", "/v1/users/al%20ice", "an encoded blank within a name"],
	["yes", "/v1/users/*", "/v1/users/%C3%A4", "an encoded letter beyond ASCII"],
	["yes", "/v1/users/*", "/v1/users/%c3%a4", "in lower case, too"],
	["yes", "/v1/users/%C3%A4", "/v1/users/%C3%A4", "a pattern's encoding is compared as it stands"],
	["no", "/v1/users/%C3%A4", "/v1/users/%c3%a4", "so its case counts"],
	["no", "/v1/users/a@b", "/v1/users/a%40b", "and encoded isn't plain"],
	["yes", "/**", `/${"a/".repeat(63)}a`, "64 segments"],
	["no", "/**", `/${"a/".repeat(64)}a`, "65 segments"],
	["yes", "/**", `/${"a".repeat(2_047)}`, "2,048 characters"],
	["no", "/**", `/${"a".repeat(2_048)}`, "2,049 characters"],
];

describe("aclAllows: paths", () => {
	it.each(CASES)("%s: %j with the path %j: %s", (answer, pattern, path) => {
		const acl = { paths: { [pattern]: {} } };
		expect(aclAllows(acl, { method: "GET", path })).toBe(answer === "yes");
		expect(aclAllows(parseAcl(acl), { method: "GET", path })).toBe(answer === "yes");
	});
});

describe("aclAllows: methods", () => {
	it.each<[answer: boolean, methods: string[] | undefined, method: string, reason: string]>([
		[true, undefined, "GET", "no methods: every method"],
		[true, undefined, "PROPFIND", "also one that nobody knows"],
		[true, undefined, "M-SEARCH", "with a hyphen"],
		[false, undefined, "get", "not in lower case"],
		[false, undefined, "Get", "nor in mixed case"],
		[false, undefined, "", "nor without one"],
		[false, undefined, "*", "nor a wildcard"],
		[false, undefined, "GET ", "nor with a blank"],
		[false, undefined, "GET\r\n", "nor with a line break"],
		[false, undefined, "-GET", "nor with a hyphen in front"],
		[false, undefined, "G".repeat(33), "nor too long a one"],
		[true, ["GET"], "GET", "the method listed"],
		[false, ["GET"], "HEAD", "HEAD is not GET"],
		[false, ["GET"], "POST", "another method"],
		[false, ["GET"], "GETX", "a longer one"],
		[false, ["GETX"], "GET", "a shorter one"],
		[true, ["POST", "DELETE"], "DELETE", "any of several"],
		[false, ["POST", "DELETE"], "PUT", "none of several"],
	])("%s for %j with the method %j: %s", (answer, methods, method) => {
		const acl = { paths: { "/v1/**": methods ? { methods } : {} } };
		expect(aclAllows(acl, { method, path: "/v1/users" })).toBe(answer);
	});
});

describe("aclAllows: filters", () => {
	const allows = (filters: object, parameters?: unknown) =>
		aclAllows(
			{ paths: { "/messages": { filters } } },
			{ method: "POST", path: "/messages", parameters: parameters as Record<string, string> },
		);

	it.each<[answer: boolean, filters: object, parameters: unknown, reason: string]>([
		[true, {}, undefined, "no filter asks for nothing"],
		[true, { from: "447" }, { from: "447" }, "the value"],
		[true, { from: "447" }, { from: "447", to: "1" }, "other parameters don't matter"],
		[false, { from: "447" }, { from: "448" }, "another value"],
		[false, { from: "447" }, { from: "4470" }, "a longer one"],
		[false, { from: "447" }, { From: "447" }, "names are case-sensitive"],
		[false, { from: "a" }, { from: "A" }, "values, too"],
		[false, { from: "447" }, {}, "the parameter is missing"],
		[false, { from: "447" }, undefined, "no parameters given"],
		[false, { from: "447" }, null, "null for parameters"],
		[false, { from: "447" }, "from=447", "text for parameters"],
		[false, { from: "447" }, ["447"], "an array for parameters"],
		[false, { from: "447" }, { from: 447 }, "a number for a parameter"],
		[false, { from: "447" }, { from: ["447"] }, "an array for a parameter"],
		[false, { from: "447" }, Object.create({ from: "447" }), "an inherited parameter"],
		[false, { toString: "x" }, {}, "the prototype's members are no parameters"],
		[true, { from: "" }, { from: "" }, "an empty value"],
		[false, { from: "" }, {}, "which isn't a missing one"],
		[true, { from: 447 }, { from: "447" }, "a number by its digits"],
		[false, { from: 447 }, { from: "447.0" }, "written plainly"],
		[false, { from: "4*" }, { from: "447" }, "a star is no wildcard in values"],
		[true, { from: ["447", 448] }, { from: "448" }, "one of several values"],
		[false, { from: ["447", 448] }, { from: "449" }, "none of several values"],
		[true, { from: "1", to: "2" }, { from: "1", to: "2" }, "every filter matches"],
		[false, { from: "1", to: "2" }, { from: "1", to: "3" }, "all but one"],
		[false, { from: "1", to: "2" }, { from: "1" }, "one is missing"],
	])("%s for %j with the parameters %j: %s", (answer, filters, parameters) => {
		expect(allows(filters, parameters)).toBe(answer);
	});
});

describe("aclAllows", () => {
	const acl = {
		paths: {
			"/v1/users/**": { methods: ["GET"] },
			"/v1/users/*": { methods: ["PUT"], filters: { name: "alice" } },
			"/v1/calls": {},
		},
	};

	it("allows what any single rule allows, and nothing else", () => {
		const put = { method: "PUT", path: "/v1/users/1" };
		expect(aclAllows(acl, { method: "GET", path: "/v1/users/1" })).toBe(true);
		expect(aclAllows(acl, { ...put, parameters: { name: "alice" } })).toBe(true);
		expect(aclAllows(acl, { method: "POST", path: "/v1/calls" })).toBe(true);
		// Path of one rule, method of another.
		expect(aclAllows(acl, put)).toBe(false);
		expect(aclAllows(acl, { ...put, path: "/v1/users/1/2", parameters: { name: "alice" } })).toBe(false);
		expect(aclAllows(acl, { method: "GET", path: "/v1/legs" })).toBe(false);
	});

	it("allows nothing without paths", () => {
		expect(aclAllows({ paths: {} }, { method: "GET", path: "/" })).toBe(false);
	});

	it("modifies neither the list nor the request", () => {
		const request = deepFreeze({ method: "PUT", path: "/v1/users/1", parameters: { name: "alice" } });
		const frozen = deepFreeze(structuredClone(acl));
		expect([aclAllows(frozen, request), aclAllows(frozen, request)]).toEqual([true, true]);
		expect(frozen).toEqual(acl);
	});

	it("validates a list that isn't from parseAcl on every call", async () => {
		const changing: { paths: Record<string, object> } = { paths: { "/a": {} } };
		const request = { method: "GET", path: "/a" };
		expect(aclAllows(changing, request)).toBe(true);
		changing.paths["/a"] = { methods: ["PUT"] };
		expect(aclAllows(changing, request)).toBe(false);
		changing.paths["/a"] = { only: "me" };
		await expectRefusal(() => aclAllows(changing, request), "token/claim-invalid");
	});

	it("rejects an invalid list, whatever the request", async () => {
		for (const value of [undefined, null, "/**", ["/**"], {}, { paths: ["/**"] }]) {
			await expectRefusal(() => aclAllows(value, { method: "GET", path: "" }), "token/claim-invalid");
		}
	});
});
