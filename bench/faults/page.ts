/**
 * The text of docs/faults.md.
 * @module
 */
import manifest from "../../package.json" with { type: "json" };
import type { Table } from "./tables.ts";

/** Writes the page, without anything that differs between two runs of one version. */
export function writePage(
	tables: Readonly<Record<"nodes" | "withHash" | "withProof" | "jwks" | "redis", Table>>,
): string {
	const { nodes, withHash, withProof, jwks, redis } = tables;
	return `# Faults

What the sender of a valid token gets while something that the verifier needs fails. \`npm run bench:faults\` causes each
fault with real servers and sockets, and writes this page; it was last run for orgpass ${manifest.version}. It also presents
forged tokens, tokens of keys that were seen revoked, and used tokens, and fails if any of them is accepted, or if a valid
token is refused (401) because of an outage.

Each entry is what the caller gets, and in parentheses the number of requests to the host that fails. A *limit* is the time
limit of one request, five seconds; without it, the response came before the first one was over. \`stale\` results are marked
so that a policy can refuse them ([caching.md](caching.md#while-a-node-is-down)).

| column | when the fault begins |
|---|---|
| cold | before the first token |
| warm | after a token of the same issuer |
| past TTL | the same, and the cache entry has expired |
| past TTL, \`staleIfErrorSeconds\` | the same with this option |
| past TTL, watched | the same as past TTL with \`watch\`: polls have met the fault, so the entry has expired if they can't confirm it; the token is presented up to five times |

In the last column, "read" means that the organization was read again; the requests of polls aren't counted.

## Nodes

${nodes.faults} faults of a verifier's only node. With several nodes, the others are asked ([nodes.md](nodes.md)).

${nodes.markdown}

- An organization that is watched is used for as long as the log shows no change, so while only the contract's calls fail,
  nothing is read. A log that can't be trusted counts as not watched: the entry has expired, and the organization is read
  again.
- The chain id and the contract's code are checked before the first response counts and after an outage, the chain id also
  once a minute. A node whose other responses are right is used until then.
- Within its TTL, a watched organization is used like any other (column *warm*), whatever happens to the polls.
- The polls of a watcher and the verifications share a node. If it responds to polls with -32005, it counts as limiting
  requests, and if the polls keep failing, as failing: during its pauses, verifications fail at once, too
  ([nodes.md](nodes.md#one-node)). So a token that had to be presented more than once may be counted as accepted here.
  A node that fails only in batches is polled by single calls.
- A verifier that hasn't seen anything yet believes its only node about which block is the latest.

## Hosts of documents

The token is signed by a key that only the organization's document lists, in a registry that keeps the document's hash
(orgpass, ORGiD 0.x and 1.x). The document isn't fetched again for as long as its hash is the same.

401 with \`document/…\` means that the host says that it has no document (404, 410), redirects where it mustn't, or sends
something else: the organization has to correct that. Any other response says nothing about the document, and is an outage
([documents.md](documents.md#what-is-accepted)).

${withHash.markdown}

## Hosts of documents without a hash on chain

The same in a registry that keeps no hash (ORGiD 3.x): the owner has signed the document, and it is fetched again whenever the
organization is read. Watching doesn't help here, because the document can change without a change on chain.

${withProof.markdown}

## Hosts of JWK Sets

The token is of an app whose keys are in a JWK Set (\`keysFromJwks\`); \`past TTL\` is after \`cacheMaxAgeSeconds\`, without
the fetches in the background that begin at half of it. A set that the host has removed, moved or replaced isn't used as
\`stale\`.

${jwks.markdown}

## Redis

The store of used tokens ([replay.md](replay.md)). *cold*: the server fails before the client connects; *warm*: afterwards.
The requests are the \`SET\` commands that reached the server. A token that was refused may have been spent.

${redis.markdown}
`;
}
