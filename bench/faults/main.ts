/**
 * Lets nodes, hosts of documents, hosts of JWK Sets and Redis fail in every way, and writes what a caller gets to
 * docs/faults.md. Exits with 1 if a token is accepted that must not be, or an honest one is refused because of a fault.
 * @module
 */
import { writeFileSync } from "node:fs";
import { CHAIN_FAULTS } from "./chain-faults.ts";
import { CONNECTION_FAULTS } from "./connection-faults.ts";
import { DOCUMENT_FAULTS } from "./document-faults.ts";
import { type DocumentEvidence, startDocumentStage } from "./document-stage.ts";
import { runDocumentTrial } from "./document-trial.ts";
import type { Fault } from "./fault.ts";
import { installHostNames } from "./host-names.ts";
import { HTTP_FAULTS } from "./http-faults.ts";
import { JWKS_FAULTS } from "./jwks-faults.ts";
import { createJwksStage, runJwksTrial } from "./jwks-trial.ts";
import type { NodeFault } from "./node-fault.ts";
import { runNodeTrial } from "./node-trial.ts";
import { writePage } from "./page.ts";
import { REDIS_FAULTS, type RedisFault } from "./redis-faults.ts";
import { createRedisStage, runRedisTrial } from "./redis-trial.ts";
import { RPC_FAULTS } from "./rpc-faults.ts";
import { type Stage, startStage } from "./stage.ts";
import { runTable, type Table } from "./tables.ts";

installHostNames();
const stage = await startStage();
const nodes = await runNodes(stage);
const jwks = await runJwks(stage);
const redis = await runRedis();
const withHash = await runDocuments(stage, "hash");
const withProof = await runDocuments(stage, "proof");
await stage.network.close();

const tables = { nodes, withHash, withProof, jwks, redis };
writeFileSync(new URL("../../docs/faults.md", import.meta.url), writePage(tables));
for (const [name, { faults, failures }] of Object.entries(tables)) {
	console.log(`${name}: ${faults} faults`);
	for (const failure of failures) console.error(`  ${failure}`);
	if (failures.length > 0) process.exitCode = 1;
}

function runNodes(stage: Stage): Promise<Table> {
	return runTable<NodeFault>({
		states: ["cold", "warm", "past TTL", "stale", "watched"],
		groups: {
			"connection to the node": CONNECTION_FAULTS,
			"HTTP response of the node": HTTP_FAULTS,
			"JSON-RPC response of the node": RPC_FAULTS,
			"what the node says of the chain": CHAIN_FAULTS,
		},
		run: (fault, state) => runNodeTrial(stage, fault, state),
	});
}

async function runDocuments(stage: Stage, evidence: DocumentEvidence): Promise<Table> {
	const documents = await startDocumentStage(stage, evidence);
	const table = await runTable<Fault>({
		states: evidence === "hash" ? ["cold", "warm", "past TTL", "watched"] : ["cold", "warm", "past TTL", "stale"],
		groups: {
			"connection to the host": CONNECTION_FAULTS,
			"HTTP response of the host": [...HTTP_FAULTS, ...DOCUMENT_FAULTS],
		},
		decisions: /^401 document\//,
		run: (fault, state) => runDocumentTrial(stage, documents, fault, state),
	});
	await documents.close();
	return table;
}

async function runJwks({ certificates }: Stage): Promise<Table> {
	const stage = await createJwksStage(certificates);
	return runTable<Fault>({
		states: ["cold", "warm", "past TTL", "stale"],
		groups: {
			"connection to the host": CONNECTION_FAULTS,
			"HTTP response of the host": [...HTTP_FAULTS, ...JWKS_FAULTS],
		},
		decisions: /^401 token\/issuer-unknown$/,
		run: (fault, state) => runJwksTrial(stage, fault, state),
	});
}

async function runRedis(): Promise<Table> {
	const stage = await createRedisStage();
	return runTable<RedisFault>({
		states: ["cold", "warm"],
		groups: { Redis: REDIS_FAULTS },
		run: (fault, state) => runRedisTrial(stage, fault, state),
	});
}
