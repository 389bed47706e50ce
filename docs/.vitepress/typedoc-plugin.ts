/**
 * Names the modules of the reference as they are imported, `orgpass/keys` instead of `keys`, and shortens their lists of
 * re-exports.
 * @module
 */
import { type Application, Converter, PageEvent, ReflectionKind } from "typedoc";

const EXPORTED = ReflectionKind.SomeType | ReflectionKind.Class | ReflectionKind.Function | ReflectionKind.Variable;

/** One of a list: a heading, a sentence and a rule. */
const RE_EXPORT = /^### .+\n\nRe-exports (\[.+\]\(.+\))\n(?:\n\*\*\*\n\n)?/gm;

/** Called by TypeDoc. */
export function load({ converter, renderer }: Application): void {
	converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
		for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
			module.name = module.name === "" ? "orgpass" : `orgpass/${module.name}`;
		}
	});
	// A file can mention what a higher layer exports, which it doesn't import.
	// A comment may name what a higher layer exports, which its file doesn't import.
	converter.addUnknownSymbolResolver(({ symbolReference }, { project }, link) => {
		if (link === undefined) return undefined;
		const name = symbolReference?.path?.map(({ path }) => path).join(".");
		const target = project.getReflectionsByKind(EXPORTED).find((reflection) => reflection.name === name);
		// TypeDoc's type says string, but it resolves reflections, too.
		return target && { target: target as unknown as string };
	});
	renderer.on(PageEvent.END, (page) => {
		page.contents = page.contents?.replace(RE_EXPORT, "- $1\n") ?? "";
	});
}
