import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHAIN_FAULTS } from "../../bench/faults/chain-faults.ts";
import { CONNECTION_FAULTS } from "../../bench/faults/connection-faults.ts";
import { DOCUMENT_FAULTS } from "../../bench/faults/document-faults.ts";
import { HTTP_FAULTS } from "../../bench/faults/http-faults.ts";
import { JWKS_FAULTS } from "../../bench/faults/jwks-faults.ts";
import { REDIS_FAULTS } from "../../bench/faults/redis-faults.ts";
import { RPC_FAULTS } from "../../bench/faults/rpc-faults.ts";

const ANY_HOST = [...CONNECTION_FAULTS, ...HTTP_FAULTS];
const NODE_FAULTS = [...ANY_HOST, ...RPC_FAULTS, ...CHAIN_FAULTS];

const page = readFileSync("docs/faults.md", "utf8");
const [, nodes = "", withHash = "", withProof = "", jwks = "", redis = ""] = page.split(/^## /m);

/** The first cells of a section's rows, without the headings. */
function namesIn(section: string): readonly string[] {
	return [...section.matchAll(/^\| (.+?) \| (?:accepted|\d)/gm)].map(([, name = ""]) => name);
}

function namesOf(faults: readonly { readonly name: string; readonly refusal?: string }[]): readonly string[] {
	return faults.map(({ name, refusal }) => (refusal === undefined ? name : `${name} (${refusal})`));
}

describe("docs/faults.md", () => {
	it.each([
		["nodes", nodes, NODE_FAULTS],
		["hosts of documents", withHash, [...ANY_HOST, ...DOCUMENT_FAULTS]],
		["hosts of documents without a hash", withProof, [...ANY_HOST, ...DOCUMENT_FAULTS]],
		["hosts of JWK Sets", jwks, [...ANY_HOST, ...JWKS_FAULTS]],
		["Redis", redis, REDIS_FAULTS],
	] as const)("has a row for each fault of %s", (_host, section, faults) => {
		expect(namesIn(section)).toEqual(namesOf(faults));
	});

	it("names each fault once", () => {
		expect(new Set(namesOf(NODE_FAULTS)).size).toBe(NODE_FAULTS.length);
		expect(NODE_FAULTS.length).toBeGreaterThanOrEqual(58);
	});

	it("shows no outage of a node or of Redis that is a refusal", () => {
		const unexplained = `${nodes}${redis}`
			.split("\n")
			.filter((line) => line.includes("| 401 ") && !line.includes("(like a proxy"));
		expect(unexplained).toEqual([]);
	});
});
