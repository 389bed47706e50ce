/**
 * The options that only some kinds of token read.
 * @module
 */
import type { Option } from "commander";
import { usageError } from "../../options.js";
import type { TokenKindDescriptor } from "../../token-kinds/token-kind.js";

/** The member of a descriptor that lists a command's options. */
type OptionList = "mintOptions" | "verifyOptions";

/** Collects the options of all kinds, without duplicates. */
export function optionsOf(kinds: readonly TokenKindDescriptor[], list: OptionList): Option[] {
	const options = kinds.flatMap((kind) => kind[list]);
	return [...new Map(options.map((option) => [option.attributeName(), option])).values()];
}

/** Refuses an option that none of the chosen kinds reads, because it would be ignored. */
export function assertOptionsApply(
	flags: object,
	list: OptionList,
	chosen: readonly TokenKindDescriptor[],
	kinds: readonly TokenKindDescriptor[],
): void {
	const applicable = new Set(optionsOf(chosen, list).map((option) => option.attributeName()));
	for (const option of optionsOf(kinds, list)) {
		const name = option.attributeName();
		if (applicable.has(name) || flags[name as keyof typeof flags] === undefined) continue;
		const profiles = chosen.map((kind) => kind.name).join(", ");
		throw usageError(`${option.long} doesn't apply to --profile ${profiles}`);
	}
}

/** Finds the kinds by their names, which Commander has checked. */
export function kindsNamed(
	kinds: readonly TokenKindDescriptor[],
	names: readonly string[],
): readonly TokenKindDescriptor[] {
	return names.flatMap((name) => kinds.filter((kind) => kind.name === name));
}
