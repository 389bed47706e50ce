/** DNS names that never resolve must not hold all of the process's look-up threads. */
import type { LookupFunction } from "node:net";
import { expect, it } from "vitest";
import { createDocumentTransport } from "../../src/document/fetch/document-transport.node.ts";
import { createDocumentFetcher } from "../../src/document/fetch/fetch-document.ts";
import { codeOf } from "../support/document-stage.ts";

it("T44: looks up two names at once, and skips look-ups that are no longer needed", async () => {
	const asked: string[] = [];
	const answers: (() => void)[] = [];
	const lookup: LookupFunction = (hostname, _options, callback) => {
		asked.push(hostname);
		answers.push(() => callback(Object.assign(new Error("no name"), { code: "ENOTFOUND" }), []));
	};
	const transport = createDocumentTransport({ lookup });
	const hasty = createDocumentFetcher({ timeoutSeconds: 0.1 }, transport);
	const fetchAll = (names: readonly string[], fetchDocument = hasty) =>
		Promise.all(names.map((name) => codeOf(fetchDocument(`https://${name}.example/`))));
	expect(await fetchAll(["a", "b", "c", "d"])).toEqual(Array(4).fill("document/unreachable"));
	expect(asked).toEqual(["a.example", "b.example"]);
	const patient = fetchAll(["e", "f"], createDocumentFetcher({ timeoutSeconds: 5 }, transport));
	answers.shift()?.();
	expect(asked).toEqual(["a.example", "b.example", "e.example"]);
	answers.shift()?.();
	expect(asked.at(-1)).toBe("f.example");
	for (const answer of answers) answer();
	expect(await patient).toEqual(Array(2).fill("document/unreachable"));
});
