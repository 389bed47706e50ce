/**
 * Judges a token with the package's own verifier.
 * @module
 */
import { createVerifier, type ExplainedStep, type Explanation } from "orgpass/auth";
import { createOrgIdResolver } from "orgpass/resolver";
import type { Connection } from "../network.ts";
import { createNodeProvider } from "../node-provider.ts";
import type { Fields } from "./fields.ts";
import { createProfile, type KindName, type Surroundings } from "./kinds.ts";

/** A token, and what its verifier knows. */
export interface Case {
	readonly token: string;
	readonly kind: KindName;
	readonly fields: Fields;
	readonly connection: Connection | undefined;
}

/** The result of a look-up while there is no node. */
const NO_NODE = {
	didResolutionMetadata: {
		error: "internalError",
		code: "did/resolution",
		message: "there is no node to look up the organization: enter one at the top of the page",
	},
	didDocument: null,
	didDocumentMetadata: {},
};

/** Rejects with a coded error if a field can't be used. */
export async function judge(
	{ token, kind, fields, connection }: Case,
	onStep: (step: ExplainedStep) => void,
): Promise<Explanation> {
	const clock = fields.now.trim() === "" ? undefined : (): number => Number(fields.now);
	const profile = createProfile(kind, fields, createSurroundings(connection, clock));
	const scope = fields.scope.trim();
	return createVerifier({ profiles: [profile], now: clock }).explain(token, scope === "" ? {} : { scope }, onStep);
}

function createSurroundings(connection: Connection | undefined, now: (() => number) | undefined): Surroundings {
	if (connection === undefined) {
		return { resolver: { resolve: async () => NO_NODE }, providers: {} };
	}
	const { chainId, rpcUrl, reader, isLocal } = connection;
	const resolver = createOrgIdResolver({
		networks: [{ chainId, registry: reader }],
		defaultChainId: chainId,
		// As `orgpass token explain` does: documents of the local chain are served by this machine.
		documents: { allowHttp: isLocal, allowPrivateAddresses: isLocal },
		now,
	});
	return {
		resolver,
		chainIds: [chainId],
		defaultChainId: chainId,
		providers: { [chainId]: createNodeProvider(rpcUrl) },
	};
}
