/**
 * Which peers this machine has. One that is missing is told on stderr in one line; with
 * ORGPASS_REQUIRE_ALL=1 its suite fails instead.
 * @module
 */
import { type Peer, prepareBuilds } from "./peers.ts";
import { askVersion } from "./protocol.ts";

/** A peer, and the version it tells of itself, or why it can't be had. */
export type Availability =
	| { readonly peer: Peer; readonly version: string }
	| { readonly peer: Peer; readonly missing: string };

/** Builds what must be built and asks every peer for its version. */
export async function findPeers(peers: readonly Peer[]): Promise<Availability[]> {
	await prepareBuilds();
	return Promise.all(peers.map(findPeer));
}

async function findPeer(peer: Peer): Promise<Availability> {
	try {
		await peer.build?.();
		return { peer, version: await askVersion(peer.command) };
	} catch (error) {
		const [line] = String(error).split("\n");
		const missing = `needs ${peer.needs}: ${line}`;
		if (process.env["ORGPASS_REQUIRE_ALL"] !== "1") {
			process.stderr.write(`skipped: ${peer.name} (needs ${peer.needs})\n`);
		}
		return { peer, missing };
	}
}
