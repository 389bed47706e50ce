/**
 * The command line before a registry of any generation, and a server for its documents.
 * @module
 */
import { Wallet } from "ethers";
import { afterAll, beforeAll } from "vitest";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import { createProvider } from "../../src/registry/ethers-provider.ts";
import { type CliStage, startCliStage } from "./cli-chain.ts";
import { type DocumentServer, startDocumentServer } from "./document-server.ts";
import { deployKind } from "./registry-kinds.ts";
import { unlock } from "./unlocked-wallet.ts";

/** A stage whose `orgpass.json` names the registry. */
export interface CliRegistry extends CliStage {
	readonly registry: string;
	readonly documents: DocumentServer;
	/** The owner of everything, whose key is in `owner.hex`. */
	readonly owner: string;
	/** Publishes the file at the path; returns the URL. */
	readonly publish: (file: string, path?: string) => string;
}

/** A stage for the tests of this file or block: set before them, ended after them. */
export function useCliRegistry(kind: RegistryKind): CliRegistry {
	const stage = {} as CliRegistry;
	beforeAll(async () => void Object.assign(stage, await startCliRegistry(kind)));
	afterAll(() => stage.end());
	return stage;
}

/** Sets a stage; `end` it after use. */
export async function startCliRegistry(kind: RegistryKind): Promise<CliRegistry> {
	const stage = await startCliStage();
	const documents = await startDocumentServer();
	const provider = createProvider(stage.chain.rpcUrl, stage.chain.chainId);
	provider.pollingInterval = 20;
	const [first] = stage.chain.accounts;
	const registry = await deployKind(kind, unlock(new Wallet(first?.privateKey ?? "", provider)));
	provider.destroy();
	stage.write("owner.hex", first?.privateKey ?? "");
	stage.write("orgpass.json", JSON.stringify({ registry }));
	return {
		...stage,
		registry,
		documents,
		owner: first?.address ?? "",
		publish: (file, path = file) => documents.serve(path, stage.read(file)),
		async end() {
			await documents.close();
			await stage.end();
		},
	};
}
