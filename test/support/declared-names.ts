/**
 * The package's names as TypeScript sees them: what each entry point exports, and the members of the exported types.
 * @module
 */
import ts from "typescript";
import { entryPoints, root } from "../../scripts/sources.ts";

/** The exports of each entry point, and every member of an exported interface, type or class as `Type.member`. */
export interface DeclaredNames {
	readonly exports: ReadonlyMap<string, readonly string[]>;
	readonly members: ReadonlySet<string>;
}

/** Reads the names of all entry points. Packages aren't read: of types from them, nothing is known. */
export function declaredNames(): DeclaredNames {
	const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
	const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
	const withoutPackages = { ...options, types: [], noEmit: true };
	const host = ts.createCompilerHost(withoutPackages);
	host.resolveModuleNameLiterals = (names, file) =>
		names.map(({ text }) =>
			text.startsWith(".") ? ts.resolveModuleName(text, file, options, host) : { resolvedModule: undefined },
		);
	const entries = entryPoints();
	const rootNames = entries.map(({ path }) => `${root}/${path}`);
	const program = ts.createProgram({ rootNames, options: withoutPackages, host });
	const checker = program.getTypeChecker();
	const exports = new Map<string, readonly string[]>();
	const members = new Set<string>();
	for (const { specifier, path } of entries) {
		const file = program.getSourceFile(`${root}/${path}`);
		const module = file && checker.getSymbolAtLocation(file);
		const symbols = module ? checker.getExportsOfModule(module) : [];
		exports.set(
			specifier,
			symbols.map(({ name }) => name),
		);
		for (const symbol of symbols) {
			for (const member of membersOf(symbol, checker)) members.add(`${symbol.name}.${member}`);
		}
	}
	return { exports, members };
}

function membersOf(exported: ts.Symbol, checker: ts.TypeChecker): string[] {
	const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
	if (!(symbol.flags & ts.SymbolFlags.Type)) return [];
	const type = checker.getDeclaredTypeOfSymbol(symbol);
	const parts = type.isUnion() ? type.types : [type];
	return parts
		.flatMap((part) => (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) ? part.getProperties() : []))
		.filter(isOwn)
		.map(({ name }) => name);
}

/** Whether a member is public and declared in src. */
function isOwn(member: ts.Symbol): boolean {
	const [declaration] = member.declarations ?? [];
	if (!declaration?.getSourceFile().fileName.startsWith(`${root}/src/`)) return false;
	const name = ts.getNameOfDeclaration(declaration);
	return !(name && ts.isPrivateIdentifier(name)) && !/^[_#]/.test(member.name);
}
