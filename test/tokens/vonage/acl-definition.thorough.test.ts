/** Whole access control lists and requests, against a slow definition in plain terms. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { aclAllows, parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { runs } from "../../support/property.ts";

interface Rule {
	readonly methods?: readonly string[];
	readonly filters?: Readonly<Record<string, string | number | readonly (string | number)[]>>;
}

interface Request {
	readonly method: string;
	readonly path: string;
	readonly parameters?: Readonly<Record<string, string>>;
}

/** Names that some server reads as `from` or `user_id`, and names that none does. */
const READ_AS: Readonly<Record<string, string | undefined>> = {
	from: "from",
	user_id: "user_id",
	FROM: "from",
	"from[]": "from",
	"from%20": "from",
	" from": "from",
	"user.id": "user_id",
	userId: "user_id",
	from2: undefined,
	user: undefined,
	x: undefined,
};

/** Every way of using a pattern up, without a thought of how long that takes. */
function matches([first, ...others]: readonly string[], path: readonly string[]): boolean {
	if (first === undefined) return path.length === 0;
	if (first === "**") return path.concat("").some((_, taken) => matches(others, path.slice(taken)));
	return path.length > 0 && (first === "*" || first === path[0]) && matches(others, path.slice(1));
}

function segmentsOf(path: string): readonly string[] {
	return path === "/" ? [] : path.slice(1).split("/");
}

/** A path that can be read in one way only: segments of plain characters that aren't all dots. */
function isPlain(path: string): boolean {
	return path === "/" || /^(?:\/(?!\.+(?:\/|$))[\w.~!$&'()*+,=:@-]+)+$/.test(path);
}

function matchesRule(pattern: string, { methods, filters }: Rule, { method, path, parameters = {} }: Request): boolean {
	if (methods !== undefined && !methods.includes(method)) return false;
	if (!matches(segmentsOf(pattern), segmentsOf(path))) return false;
	const wanted = Object.entries(filters ?? {});
	if (
		!wanted.every(([name, values]) =>
			[values]
				.flat()
				.map(String)
				.includes(parameters[name] as string),
		)
	)
		return false;
	const others = Object.keys(parameters).filter((name) => !wanted.some(([filtered]) => filtered === name));
	return !others.some((name) => wanted.some(([filtered]) => filtered === READ_AS[name]));
}

function isAllowed(paths: Readonly<Record<string, Rule>>, request: Request): boolean {
	if (!isPlain(request.path) || !/^[A-Z]+$/.test(request.method)) return false;
	return Object.entries(paths).some(([pattern, rule]) => matchesRule(pattern, rule, request));
}

const toPath = (segments: readonly string[]): string => `/${segments.join("/")}`;
const methods = fc.constantFrom("GET", "POST", "DELETE");
const values = fc.constantFrom<string | number>("44", 44, "45", "");
const rules: fc.Arbitrary<Rule> = fc.record(
	{
		methods: fc.uniqueArray(methods, { minLength: 1, maxLength: 2 }),
		filters: fc.dictionary(
			fc.constantFrom("from", "user_id"),
			fc.oneof(values, fc.uniqueArray(values, { minLength: 1, maxLength: 2 })),
			{ maxKeys: 2, noNullPrototype: true },
		),
	},
	{ requiredKeys: [] },
);
const patterns = fc.array(fc.constantFrom("a", "b", "*", "**"), { maxLength: 4 }).map(toPath);
const paths = fc.oneof(
	{ weight: 4, arbitrary: fc.array(fc.constantFrom("a", "b"), { maxLength: 4 }).map(toPath) },
	fc
		.array(fc.constantFrom("a", "b", "", ".", "..", "*", "a;b", "a?b", "a%2Fb", "a\\b", "a b", "ä"), { maxLength: 3 })
		.map(toPath),
);
const parameters = fc.dictionary(
	fc.oneof(fc.constantFrom("from", "user_id"), fc.constantFrom(...Object.keys(READ_AS))),
	fc.constantFrom("44", "45", ""),
	{
		maxKeys: 3,
		noNullPrototype: true,
	},
);
const requests: fc.Arbitrary<Request> = fc.record({
	method: fc.oneof({ weight: 8, arbitrary: methods }, fc.constantFrom("get", "", "*", "GET ")),
	path: paths,
	parameters,
});

const ALLOWED: [Record<string, Rule>, Request][] = [[{ "/**": {} }, { method: "GET", path: "/a" }]];

it("T88: a request is allowed if and only if a rule says so", () => {
	const count = { allowed: 0, denied: 0 };
	fc.assert(
		fc.property(fc.dictionary(patterns, rules, { maxKeys: 3, noNullPrototype: true }), requests, (paths, request) => {
			const expected = isAllowed(paths, request);
			count[expected ? "allowed" : "denied"] += 1;
			expect(aclAllows({ paths }, request)).toBe(expected);
			expect(aclAllows(parseAcl(JSON.parse(JSON.stringify({ paths }))), request)).toBe(expected);
		}),
		runs(20_000, 1_000, ALLOWED),
	);
	expect(count.allowed).toBeGreaterThan(0);
	expect(count.denied).toBeGreaterThan(0);
});
