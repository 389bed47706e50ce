/**
 * Counts how often each block of `src` runs. The sources are instrumented as Node.js loads them: a counter in every
 * function, branch, loop and conditional operand. Nothing moves to another line.
 * @module
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const MAX_COUNTERS = 2 ** 15;
const MAX_WORD_LENGTH = 40;
const SOURCES = new URL("../../src/", import.meta.url).href;
const { SyntaxKind } = ts;
const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
	SyntaxKind.AmpersandAmpersandToken,
	SyntaxKind.BarBarToken,
	SyntaxKind.QuestionQuestionToken,
]);

/** What ran since the last `reset`. */
export interface Coverage {
	/** Texts of the sources that inputs may have to contain. */
	readonly words: ReadonlySet<string>;
	reset(): void;
	/** How many blocks ran, each as often as it did. */
	work(): number;
	/** Whether a block ran for the first time; it doesn't count as new again. */
	takeNew(): boolean;
	/** The number of blocks that ever ran. */
	reached(): number;
}

/** Instruments all files of `src` that are imported from now on. */
export function startCoverage(): Coverage {
	const counters = new Uint32Array(MAX_COUNTERS);
	const seen = new Uint8Array(MAX_COUNTERS);
	const words = new Set<string>();
	let used = 0;
	let reached = 0;
	Object.defineProperty(globalThis, "__blocks", { value: counters });
	registerHooks({
		load(url, context, nextLoad) {
			const loaded = nextLoad(url, context);
			if (!url.startsWith(SOURCES) || url.endsWith(".contract.ts")) return loaded;
			return { ...loaded, source: instrument(fileURLToPath(url), String(loaded.source)) };
		},
	});
	return {
		words,
		reset: () => counters.fill(0),
		work: () => counters.subarray(0, used).reduce((sum, count) => sum + count, 0),
		takeNew,
		reached: () => reached,
	};

	function takeNew(): boolean {
		const before = reached;
		for (let at = 0; at < used; at++) {
			if (counters[at] === 0 || seen[at] === 1) continue;
			seen[at] = 1;
			reached += 1;
		}
		return reached > before;
	}

	function instrument(path: string, text: string): string {
		const edits: { readonly at: number; readonly text: string }[] = [];
		const next = (): string => `__blocks[${used++ % MAX_COUNTERS}]++`;
		visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
		let edited = "";
		let from = 0;
		for (const edit of edits.sort((a, b) => a.at - b.at)) {
			edited += text.slice(from, edit.at) + edit.text;
			from = edit.at;
		}
		return edited + text.slice(from);

		function visit(node: ts.Node): void {
			if (ts.isStringLiteral(node)) addWord(node.text);
			if (ts.isBlock(node) && !ts.isTryStatement(node.parent))
				edits.push({ at: node.getStart() + 1, text: `${next()};` });
			else if (ts.isCaseOrDefaultClause(node)) edits.push({ at: endOfLabel(node), text: `${next()};` });
			else if (isBareBranch(node)) wrap(node, `{${next()};`, "}");
			else if (isConditional(node)) wrap(node, `(${next()},`, ")");
			ts.forEachChild(node, visit);
		}

		function wrap(node: ts.Node, before: string, after: string): void {
			edits.push({ at: node.getStart(), text: before });
			edits.push({ at: node.getEnd(), text: after });
		}
	}

	function addWord(text: string): void {
		if (text.length > 1 && text.length <= MAX_WORD_LENGTH && !/\s|^\.|^#|\.js$/.test(text)) words.add(text);
	}
}

function endOfLabel(clause: ts.CaseOrDefaultClause): number {
	const [first] = clause.statements;
	return first === undefined ? clause.getEnd() : first.getFullStart();
}

/** A statement without braces that may be left out. */
function isBareBranch(node: ts.Node): boolean {
	const { parent } = node;
	if (parent === undefined || ts.isBlock(node)) return false;
	if (ts.isIfStatement(parent)) return node === parent.thenStatement || node === parent.elseStatement;
	return ts.isIterationStatement(parent, false) && node === parent.statement;
}

/** An expression that may be left out. */
function isConditional(node: ts.Node): boolean {
	const { parent } = node;
	if (parent === undefined) return false;
	if (ts.isConditionalExpression(parent)) return node !== parent.condition && ts.isExpression(node);
	if (ts.isBinaryExpression(parent)) return node === parent.right && SHORT_CIRCUITS.has(parent.operatorToken.kind);
	return ts.isArrowFunction(parent) && node === parent.body && !ts.isBlock(node);
}
