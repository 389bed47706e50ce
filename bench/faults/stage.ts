/**
 * A chain with two organizations, and the tokens that are presented.
 * @module
 */
import { createOrgIdMinter } from "orgpass";
import { generateKeyPair, type PrivateKey } from "orgpass/keys";
import { startTestNetwork } from "orgpass/testing";
import { type Answer, passOn } from "../../test/support/fake-node.ts";
import { type Certificates, createCertificates } from "./certificates.ts";

/** Long enough for a run. */
const LIFETIME_SECONDS = 3_600;
/** Before and after a revocation, so that a node can be behind it; organizations that changed a moment ago expire. */
const BLOCKS_BEFORE = 200;
const BLOCKS_AFTER = 70;

export type Stage = Awaited<ReturnType<typeof startStage>>;

/** Starts the chain. */
export async function startStage() {
	const certificates: Certificates = createCertificates();
	const network = await startTestNetwork({ organizations: 2 });
	const [airline, hotel] = network.organizations;
	const { provider, now, rpcUrl } = network;
	const registry = network.registry.connect(airline.owner);
	const { privateKey: old, publicKey } = await generateKeyPair();
	const { privateKey: strange } = await generateKeyPair();
	await registry.addKey(airline.orgId, { fragment: "old", publicKey });
	await mine(BLOCKS_BEFORE);
	await registry.revokeKey(airline.orgId, "old");
	await mine(BLOCKS_AFTER);
	const mint = (key: PrivateKey, issuer: string): Promise<string> =>
		createOrgIdMinter({ key, issuer, audience: hotel.did, now, lifetimeSeconds: LIFETIME_SECONDS }).mint();
	return {
		network,
		certificates,
		chain: { rpcUrl, head: await provider.getBlockNumber(), honest: createReader(rpcUrl) },
		audience: hotel.did,
		strange,
		mint,
		tokens: {
			honest: await mint(airline.key, airline.issuer),
			forged: await mint(strange, airline.issuer),
			revoked: await mint(old, `${airline.did}#old`),
		},
	};

	/** One by one: the chain has no state of blocks that it mines at once. */
	async function mine(count: number): Promise<void> {
		for (let block = 0; block < count; block++) await provider.send("evm_mine", []);
	}
}

/** Asks the chain each question once: no block is added during the trials of nodes. */
function createReader(rpcUrl: string) {
	const answers = new Map<string, Promise<Answer>>();
	return (method: string, params: readonly unknown[]): Promise<Answer> => {
		const key = JSON.stringify([method, params]);
		const answer = answers.get(key) ?? passOn(rpcUrl, method, params);
		answers.set(key, answer);
		return answer;
	};
}
