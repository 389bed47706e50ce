/** The custom errors of each generation of contract, and what they are said to mean. */
import { Interface } from "ethers";
import { expect, it } from "vitest";
import { REGISTRY_KINDS } from "../../../src/registry/adapters/adapter.ts";
import { ADAPTERS } from "../../../src/registry/adapters/adapters.ts";
import { KNOWN_ERRORS } from "../../../src/registry/adapters/known-errors.ts";

it.each(REGISTRY_KINDS)("every custom error in the ABI of %s has a message, and no other", (kind) => {
	const inAbi: string[] = [];
	new Interface(ADAPTERS[kind].abi).forEachError(({ name }) => inAbi.push(name));
	expect(Object.keys(KNOWN_ERRORS[kind]).toSorted()).toEqual(inAbi.toSorted());
});

it("every error has a text", () => {
	for (const { message } of Object.values(KNOWN_ERRORS).flatMap((errors) => Object.values(errors))) {
		expect(message).toMatch(/^[a-z].* /);
	}
});

it("an error is one of authorization if another account could do the same", () => {
	const unauthorized = Object.values(KNOWN_ERRORS).flatMap((errors) =>
		Object.keys(errors).filter((name) => errors[name]?.isUnauthorized === true),
	);
	const names = ["CallerNotOwner", "CallerNotDirector", "CallerNotOwnerOrDirector", "CalledNotByOrgIdOwner"];
	expect(unauthorized.toSorted()).toEqual(names.toSorted());
});
