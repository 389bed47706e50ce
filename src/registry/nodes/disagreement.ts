/**
 * Nodes that have to agree, and their failure to do so.
 * @module
 */
import { formatValue, isOrgpassError, RegistryError } from "../../errors/errors.js";
import { describeCallFailure } from "../call-error.js";
import type { RpcNode } from "./rpc-node.js";

/** Nodes that are asked together. */
export interface Panel {
	readonly nodes: readonly RpcNode[];
	/** Nodes that aren't asked, because they failed recently. */
	readonly absent: readonly RpcNode[];
	/** How many must say the same. */
	readonly count: number;
}

interface Disagreement {
	readonly method: string;
	/** What each node responded, in words that follow its host. */
	readonly responses: readonly (readonly [node: RpcNode, what: string])[];
	readonly failures: ReadonlyMap<RpcNode, unknown>;
}

/** Returns the failure of a node if too few responded. */
export function disagreement({ count, absent }: Panel, { method, responses, failures }: Disagreement): unknown {
	const [failure] = failures.values();
	if (responses.length < count && failure !== undefined) return failure;
	const nodes = [
		...responses.map(([{ host }, what]) => `${host} ${what}`),
		...[...failures].map(([{ host }, error]) => `${host} ${describe(error)}`),
		...absent.map(({ host }) => `${host} failed before`),
	];
	const message = `expected ${count} nodes to agree on ${method}: ${nodes.map(formatValue).join(", ")}`;
	return new RegistryError("registry/disagreement", message, { details: { method, agreement: count, nodes } });
}

export function isDisagreement(error: unknown): boolean {
	return isOrgpassError(error) && error.code === "registry/disagreement";
}

function describe(error: unknown): string {
	return isOrgpassError(error) ? `fails with ${error.code}` : describeCallFailure(error).reason;
}
