/**
 * Measures each backend in a process of its own: a program uses one of them, and V8 optimizes its code for that one.
 * @module
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { CurveBackendName } from "orgpass/keys";
import type { BackendSubject } from "../backend-process.ts";
import { BACKENDS, ownName, rawName } from "./backends.ts";
import { type Goal, type Row, ratio, type Settings } from "./report.ts";

/** By backend, rows that were measured together. */
export type BackendRows = ReadonlyMap<CurveBackendName, readonly Row[]>;

export async function measureBackends(
	subject: BackendSubject,
	{ isQuick }: Settings,
	backends: readonly CurveBackendName[] = BACKENDS,
): Promise<BackendRows> {
	const measured = new Map<CurveBackendName, readonly Row[]>();
	for (const backend of backends) {
		const child = fork(
			new URL("../backend-process.ts", import.meta.url),
			[subject, backend, isQuick ? "quick" : "full"],
			// Without forced collections: after each, V8 would start with a small heap and cold code, unlike in a server.
			{ execArgv: [], serialization: "advanced" },
		);
		const exit = once(child, "exit").then(([code]) => {
			throw new Error(`${subject} with ${backend} ended with exit code ${code}`);
		});
		const [rows] = (await Promise.race([once(child, "message"), exit])) as [readonly Row[]];
		measured.set(backend, rows);
		await exit.catch(() => {});
	}
	return measured;
}

/** The rows of a table: all backends by themselves, orgpass with each, and the others as measured beside the fastest. */
export function toTableRows(measured: BackendRows): readonly Row[] {
	const named = (nameOf: (backend: CurveBackendName) => string): Row[] =>
		[...measured].flatMap(([backend, rows]) => rows.filter(({ name }) => name === nameOf(backend)));
	const [raw, own] = [named(rawName), named(ownName)];
	const fastest = measured.get(BACKENDS[0] as CurveBackendName) ?? [];
	const backends = new Set([...raw, ...own].map(({ name }) => name));
	return [...raw, ...own, ...fastest.filter(({ name }) => !backends.has(name))];
}

/** A ratio of orgpass with a backend to something that was measured beside it. */
export function backendGoal(
	measured: BackendRows,
	what: string,
	backend: CurveBackendName,
	base: string,
	bound: number,
): Goal {
	const value = ratio(measured.get(backend) ?? [], ownName(backend), base);
	return { ratio: `${what}, ${backend}: orgpass ÷ ${base}`, value, bound };
}
