/**
 * A process of its own: measures a subject with one backend, and sends the rows to its parent.
 * @module
 */
import type { CurveBackendName } from "orgpass/keys";
import { measureFreshBesidePeers, measureFreshWith } from "./subjects/fresh.ts";
import { measureMintWith } from "./subjects/mint.ts";

const MEASURES = { fresh: measureFreshWith, "fresh-peers": measureFreshBesidePeers, mint: measureMintWith };

/** The subjects with backends. */
export type BackendSubject = keyof typeof MEASURES;

const [subject, backend, extent] = process.argv.slice(2) as [BackendSubject, CurveBackendName, string];
const rows = await MEASURES[subject](backend, { isQuick: extent === "quick" });
process.send?.(rows, () => process.exit());
