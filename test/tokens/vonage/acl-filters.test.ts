import { describe, expect, it } from "vitest";
import { matchesFilters } from "../../../src/tokens/vonage/acl-filters.ts";

const FILTERS = { user_id: "7" };

/** A request whose filtered parameter is right, with another one. */
function allows(name: string, value = "8", filters: Record<string, string> = FILTERS): boolean {
	return matchesFilters(filters, { ...filters, [name]: value });
}

const SECOND_READINGS: Readonly<Record<string, readonly string[]>> = {
	PHP: [" user_id", "  user_id", "user.id", "user id", "user+id", "user[id", "user_id[", "user_id[]", "user_id[x]"],
	"C strings, as in PHP and Perl": ["user_id\0", "user_id\0x", "USER_ID\0.x"],
	"Rails and Rack": ["user_id[0]", "user_id[$ne]", "[user_id]", "user_id]", "[]user_id", "x;user_id", "user_id;x"],
	"Express and qs": ["user_id[a][b]", "user_id.a", "[user_id][0]", "user_id[__proto__]", "user_id%5B%5D", "?user_id"],
	"Python's frameworks": ["user_id ", "user_id\n", "x;USER_ID", "user_id:list", "user_id[]:int"],
	"Go and JSON decoders that ignore the case": ["USER_ID", "User_Id", "uſer_id", "UserID", "userId", "user-id"],
	"Java servlet containers and Spring": ["_user_id", "!user_id", "user_id;jsessionid=1", "user_id[0].x", "user_id.x"],
	"software that decodes twice": ["%20user_id", "user%5Fid", "user%255fid", "user%2Eid", "user_id%00", "%75ser_id"],
	"software that decodes carelessly": [
		"user_id\ufffd",
		"\ufeffuser_id",
		"us\u200ber_id",
		"ｕｓｅｒ_ｉｄ",
		"user_id%c0%80",
	],
	"HTML pages and old clients": ["amp;user_id", "x&user_id", "user_id=8&x", "user_id=8", "?user_id", "#user_id"],
};
const ROWS = Object.entries(SECOND_READINGS).flatMap(([who, names]) => names.map((name) => [name, who] as const));

describe("T88: a second parameter that a backend reads as the filtered one", () => {
	it.each(ROWS)("T88: %j beside user_id allows nothing (%s)", (name) => {
		expect(allows(name)).toBe(false);
		expect(allows(name, "7"), "the same value").toBe(false);
		expect(allows(name, ""), "no value").toBe(false);
		expect(matchesFilters(FILTERS, { [name]: "7" }), "alone").toBe(false);
	});

	it.each(["x;user_id=8", "x;USER_ID=8", ";user_id", "x;y=1; user_id=8", "7;user_id[]=8", "x;user%5Fid=8"])(
		"T88: the value %j of another parameter allows nothing, because some split at semicolons",
		(value) => {
			expect(allows("x", value)).toBe(false);
		},
	);

	it.each([
		"user",
		"id",
		"user_ids",
		"user_id_type",
		"user_id2",
		"x_user_id",
		"xuser_id",
		"uid",
		"page[size]",
		"é",
		"日本",
	])("T88: %j is another parameter", (name) => {
		expect(allows(name)).toBe(true);
	});

	it.each(["8;", "a;b=c", "user_id=8", "https://x.example/?a=1&user_id=8", "%", "100%;x"])(
		"T88: the value %j of another parameter is only a value",
		(value) => {
			expect(allows("x", value)).toBe(true);
		},
	);

	it("T88: names that can't be read for certain allow nothing", () => {
		for (const name of ["%", "100%", "%zz", "%ff", "%2525252525", "a".repeat(2_049)]) expect(allows(name)).toBe(false);
	});

	it("T88: a value of any type counts, and rules without filters don't look", () => {
		for (const value of [undefined, null, 8, ["8"], {}]) {
			expect(matchesFilters(FILTERS, { user_id: "7", USER_ID: value })).toBe(false);
		}
		expect(matchesFilters({}, { USER_ID: "8" })).toBe(true);
		expect(matchesFilters(undefined, { USER_ID: "8" })).toBe(true);
	});

	it("T88: filters may resemble each other, and have names of any kind", () => {
		const both = { user_id: "7", userId: "7" };
		expect(matchesFilters(both, { ...both })).toBe(true);
		expect(matchesFilters(both, { ...both, USERID: "7" })).toBe(false);
		for (const name of ["user.id", "user[id]", "filter[user]", "Größe", "x%y"]) {
			expect(matchesFilters({ [name]: "7" }, { [name]: "7", other: "1" })).toBe(true);
			expect(allows(name.toUpperCase(), "7", { [name]: "7" })).toBe(name.toUpperCase() === name);
		}
	});
});
