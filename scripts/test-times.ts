/**
 * Finds tests that depend on the machine's clock or speed: those that set timers of their own or read a clock. Where
 * that can't be helped, the file is in the list of allowed ones, with the reason.
 * @module
 */
import ts from "typescript";
import { type Problem, problemAt, type Source, walk } from "./sources.ts";

/** What a file may use, and why. */
export interface AllowedTimes {
	readonly uses: readonly string[];
	readonly reason: string;
}

const TIMERS = new Set(["setTimeout", "setInterval"]);
const CLOCKS = new Set([
	...["Date.now", "performance.now", "Atomics.wait"],
	...["process.hrtime", "process.uptime", "process.cpuUsage", "process.threadCpuUsage"],
]);
const PROMISED = /^(?:node:)?timers\/promises$/;
const ADVICE =
	"use test/support/patient-timers.ts or a clock of the test's own, or give a reason in scripts/allowed-times.ts";

/** The uses that aren't allowed, and the allowances that aren't used. */
export function findRealTimes(
	sources: readonly Source[],
	allowed: Readonly<Record<string, AllowedTimes>>,
	list = "scripts/allowed-times.ts",
): Problem[] {
	const problems: Problem[] = [];
	const left = new Map(Object.entries(allowed).map(([path, { uses }]) => [path, new Set(uses)]));
	for (const source of sources) {
		walk(source.ast, (node) => {
			const use = timeUsed(node);
			if (use === undefined) return;
			left.get(source.path)?.delete(use);
			if (!allowed[source.path]?.uses.includes(use)) problems.push(problemAt(source, node, `${use}: ${ADVICE}`));
		});
	}
	for (const [path, uses] of left) {
		for (const use of uses) problems.push(`${list}:1: ${path} doesn't use ${use}: remove it from the list`);
		if (allowed[path]?.reason.trim() === "") problems.push(`${list}:1: ${path} needs a reason`);
	}
	return problems;
}

/** The timer or the clock that a node uses. Timers in strings, such as `vi.spyOn(globalThis, "setTimeout")`, are none. */
function timeUsed(node: ts.Node): string | undefined {
	if (ts.isImportDeclaration(node)) return promisedTimer(node);
	if (ts.isPropertyAccessExpression(node)) {
		const access = node.getText().replace(/^globalThis\./, "");
		return CLOCKS.has(access) || TIMERS.has(access) ? access : undefined;
	}
	if (ts.isNewExpression(node)) {
		const isNow = node.expression.getText() === "Date" && (node.arguments ?? []).length === 0;
		return isNow ? "new Date()" : undefined;
	}
	return ts.isIdentifier(node) && TIMERS.has(node.text) && isGlobal(node) ? node.text : undefined;
}

/** `import { setTimeout } from "node:timers/promises"`; `setImmediate` waits for no time. */
function promisedTimer({ moduleSpecifier, importClause }: ts.ImportDeclaration): string | undefined {
	if (!ts.isStringLiteral(moduleSpecifier) || !PROMISED.test(moduleSpecifier.text)) return undefined;
	const named = importClause?.namedBindings;
	const names =
		named && ts.isNamedImports(named) ? named.elements.map((one) => (one.propertyName ?? one.name).text) : [];
	return names.length > 0 && names.every((name) => name === "setImmediate") ? undefined : "timers/promises";
}

/** Not the name of a property, of an import, or of what an object's property is renamed to. */
function isGlobal(node: ts.Identifier): boolean {
	const { parent } = node;
	if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
	return !ts.isPropertyAssignment(parent) && !ts.isImportSpecifier(parent);
}
