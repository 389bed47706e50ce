/** A kind of token that one of these lists leaves out is left out by everything that runs over the list. */
import { expect, it } from "vitest";
import { KIND_NAMES } from "../../inspector/judging/kinds.ts";
import { TOKEN_KINDS } from "../../src/cli/token-kinds/token-kinds.ts";
import { MINTERS } from "../support/minters.ts";
import { KINDS, profileOfKind } from "../support/token-kinds.ts";

const names = TOKEN_KINDS.map(({ name }) => name).toSorted();

it.each<[string, readonly string[]]>([
	["the tests of the threats", KINDS],
	["the profiles of these tests", KINDS.map((kind) => profileOfKind(kind).name)],
	["the tests of minters", Object.keys(MINTERS)],
	["the inspector", KIND_NAMES],
])("%s know every kind that the command line knows", (_who, list) => {
	expect(list.toSorted()).toEqual(names);
});
