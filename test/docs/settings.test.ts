import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../scripts/sources.ts";

const PAGE = readFileSync(join(root, "docs/settings.md"), "utf8");

it.each([
	["Verifier", "", ["VerifierOptions"], "src/auth/create-verifier.ts"],
	["Resolver", "", ["OrgIdResolverOptions", "OrgIdNetwork", "DocumentOptions"], "src/resolver/resolver-options.ts"],
	["Resolver", "cache.", ["ResolverCacheOptions"], "src/resolver/resolver-options.ts"],
	["Resolver", "", ["DocumentFetchOptions"], "src/document/fetch/fetch-document.ts"],
	["Guard", "", ["GuardOptions"], "src/http/guard.ts"],
	["Guard", "", ["BearerOptions"], "src/http/bearer.ts"],
])(
	"docs/settings.md, %s: lists each option (%s…) of %o, whether it is required, and its default",
	(section, prefix, names, file) => {
		const text = readFileSync(join(root, file), "utf8");
		// The members of the resolver's cache are listed instead.
		const members = names
			.flatMap((name) => membersOf(text, name))
			.filter(([name]) => section !== "Resolver" || name !== "cache");
		expect(members.length).toBeGreaterThan(0);
		const listed = listedIn(section);
		for (const [name = "", mark, number] of members) {
			const usual = listed.get(prefix + name);
			expect(usual?.startsWith("required"), prefix + name).toBe(mark === "" || name === "rpcUrl");
			expect(/^[\d.,]*\d/.exec(usual ?? "")?.[0], prefix + name).toBe(number);
		}
	},
);

/** The names of an interface's members, each with the mark of those that may be left out, and a default that is a number. */
function membersOf(text: string, name: string): (string | undefined)[][] {
	const body = new RegExp(`^export interface ${name}\\b.*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(text)?.[1];
	if (body === undefined) throw new Error(`there is no interface ${name}`);
	return [...body.matchAll(/(?:(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n)?\treadonly (\w+)(\??):/g)].map(
		([, doc = "", member, mark]) => {
			const number = /\b([\d.,]*\d) by default|\bDefault: ([\d.,]*\d)/.exec(doc);
			return [member, mark, number?.[1] ?? number?.[2]];
		},
	);
}

/** The options in the tables of a section, with the column of defaults. */
function listedIn(section: string): Map<string, string> {
	const body = PAGE.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? "";
	const rows = [...body.matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)];
	return new Map(
		rows.flatMap(([, names = "", usual = ""]) =>
			[...names.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => [name, usual]),
		),
	);
}
