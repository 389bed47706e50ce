/** Names whose servers never answer must not keep other names from being looked up. */
import type { LookupFunction } from "node:net";
import { describe, expect, it } from "vitest";
import { createDocumentTransport } from "../../src/document/fetch/document-transport.node.ts";
import { createDocumentFetcher, type DocumentFetcher } from "../../src/document/fetch/fetch-document.ts";
import { createHostLookup } from "../../src/network/host-lookup.node.ts";
import { createHostResolver } from "../../src/network/host-resolver.node.ts";
import { codeOf } from "../support/document-stage.ts";
import { startNameServer } from "../support/name-server.ts";
import { idle, pass } from "../support/patient-timers.ts";

type Answer = Parameters<LookupFunction>[2];

/** A lookup that answers when told. */
function slowLookup(): { asked: string[]; answers: Map<string, () => void>; lookup: LookupFunction } {
	const asked: string[] = [];
	const answers = new Map<string, () => void>();
	const lookup: LookupFunction = (hostname, _options, callback: Answer) => {
		asked.push(hostname);
		const error = Object.assign(new Error("no name"), { code: "ENOTFOUND" });
		answers.set(hostname, () => callback(error, []));
	};
	return { asked, answers, lookup };
}

const fetchAll = (fetchDocument: DocumentFetcher, names: readonly string[]): Promise<unknown[]> =>
	Promise.all(names.map((name) => codeOf(fetchDocument(`https://${name}/`))));
const namesOf = (count: number, domain: string): string[] => Array.from({ length: count }, (_, i) => `n${i}.${domain}`);

describe("T77: names that are never answered", () => {
	it("T77: a domain has eight places, and the names that wait for them hold up no other domain", async () => {
		const { asked, answers, lookup } = slowLookup();
		const transport = createDocumentTransport({ lookup });
		const hasty = createDocumentFetcher({ timeoutSeconds: 1 }, transport);
		const slow = fetchAll(hasty, namesOf(100, "slow.example"));
		const honest = namesOf(100, "x").map((name, i) => `${name}.honest${i}.example`);
		const patient = fetchAll(createDocumentFetcher({ timeoutSeconds: 60 }, transport), honest);
		await idle();
		expect(asked.filter((name) => name.endsWith("slow.example"))).toHaveLength(8);
		expect(asked.filter((name) => !name.endsWith("slow.example"))).toEqual(honest);
		for (const name of honest) answers.get(name)?.();
		await patient;
		await pass(1_000);
		expect(await slow).toEqual(Array(100).fill("document/unreachable"));
		const later = fetchAll(hasty, ["later.slow.example"]);
		await idle();
		expect(asked.at(-1)).toBe("later.slow.example");
		await pass(1_000);
		await later;
	});

	it("T77: names in thousands of domains hold all places at most until their deadline, and domains take turns", async () => {
		const { asked, answers, lookup } = slowLookup();
		const transport = createDocumentTransport({ lookup });
		const hasty = createDocumentFetcher({ timeoutSeconds: 1 }, transport);
		const flood = fetchAll(hasty, Array.from({ length: 40 }, (_, i) => namesOf(10, `slow${i}.example`)).flat());
		await idle();
		expect(asked).toHaveLength(256);
		const honest = fetchAll(createDocumentFetcher({ timeoutSeconds: 60 }, transport), ["docs.honest.example"]);
		await pass(1_000);
		await flood;
		expect(asked).toContain("docs.honest.example");
		answers.get("docs.honest.example")?.();
		await honest;
	});

	it("T77: those who ask for one name at once share one lookup, which ends with the last of them", async () => {
		const { asked, answers, lookup } = slowLookup();
		const transport = createDocumentTransport({ lookup });
		const hasty = createDocumentFetcher({ timeoutSeconds: 1 }, transport);
		const patient = createDocumentFetcher({ timeoutSeconds: 60 }, transport);
		const all = Promise.all([fetchAll(patient, ["a.example"]), fetchAll(patient, ["a.example"])]);
		const first = fetchAll(hasty, ["a.example"]);
		await pass(1_000);
		expect(await first).toEqual(["document/unreachable"]);
		expect(asked).toEqual(["a.example"]);
		answers.get("a.example")?.();
		await all;
		for (const times of [2, 3]) {
			const again = fetchAll(hasty, ["a.example"]);
			await pass(1_000);
			expect(await again).toEqual(["document/unreachable"]);
			expect(asked).toEqual(Array(times).fill("a.example"));
		}
	});

	it("T77: lookups that nobody waits for any more are cancelled at the name server", async () => {
		const server = await startNameServer((name, type) => {
			if (name.startsWith("slow")) return "silence";
			return type === "A" ? ["93.184.215.14"] : [];
		});
		const lookUp = createHostLookup(createHostResolver({ servers: [server.address], hostsFile: "/dev/null" }));
		const ending = new AbortController();
		const names = Array.from({ length: 200 }, (_, i) => `slow${i}.d${i}.example`);
		const slow = Promise.allSettled(names.map((name) => lookUp(name, ending.signal)));
		const honest = Array.from({ length: 20 }, (_, i) => lookUp(`docs.h${i}.example`, new AbortController().signal));
		for (const addresses of await Promise.all(honest)) expect(addresses[0]).toMatchObject({ address: "93.184.215.14" });
		ending.abort();
		expect((await slow).every(({ status }) => status === "rejected")).toBe(true);
		await server.close();
	});
});
