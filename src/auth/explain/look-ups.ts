/**
 * The look-ups of issuers for one explanation: each once, and what it did, from what it reports to its observer.
 * @module
 */
import { ignoreRejection } from "../../encoding/ignore-rejection.js";
import type { CacheUse, FinishedDocument, FinishedOperation, Observer } from "../../observe/observer.js";
import type { OrgRecord } from "../../registry/org-record.js";
import { lookUpOf } from "../../tokens/orgid/known-issuers.js";
import type { ResolvedIssuer, TokenIssuer } from "../../tokens/token-kind.js";
import type { StepSource } from "./explanation.js";

/** What a look-up did. */
interface LookUpLog {
	readonly observer: Observer;
	/** Where the record was found; undefined if it wasn't looked up. */
	source(): StepSource | undefined;
	/** Of the whole look-up, without the documents, in milliseconds. */
	durationMs(): number | undefined;
	/** The documents that were fetched. A key in the registry doesn't wait for them; this does. */
	documents(): Promise<readonly FinishedDocument[]>;
}

const SOURCES: Readonly<Record<CacheUse, StepSource>> = {
	hit: "cache",
	stale: "cache",
	shared: "node",
	miss: "node",
	store: "cache",
};

export interface LookUp extends Omit<LookUpLog, "observer"> {
	readonly signer: string;
	/** Whether it is looked up in a registry. */
	readonly isOrganization: boolean;
	readonly resolving: Promise<ResolvedIssuer>;
	/** The registry's record, if it has been found. */
	organization(): OrgRecord | undefined;
}

export interface LookUps {
	/** Looks up an issuer, once, without adding anything to the resolver's cache. */
	start(profile: string, tokenIssuer: TokenIssuer): LookUp;
	/** All look-ups. */
	started(): Iterable<LookUp>;
}

export function createLookUps(): LookUps {
	const lookUps = new Map<string, LookUp>();
	return { start, started: () => lookUps.values() };

	function start(profile: string, tokenIssuer: TokenIssuer): LookUp {
		const name = JSON.stringify([profile, tokenIssuer.issuer, tokenIssuer.signer]);
		const known = lookUps.get(name);
		if (known !== undefined) return known;
		const { observer, ...log } = createLookUpLog();
		let found: OrgRecord | undefined;
		const onRecord = (record: OrgRecord): void => {
			found = record;
		};
		const lookUpOrganization = lookUpOf(tokenIssuer);
		const resolving = (async () => lookUpOrganization?.(observer, onRecord) ?? tokenIssuer.resolve())();
		// Resolvers from outside report no record.
		resolving.then(
			({ organization }) => {
				found ??= organization;
			},
			() => undefined,
		);
		const isOrganization = lookUpOrganization !== undefined;
		const lookUp = { ...log, isOrganization, resolving, organization: () => found, signer: tokenIssuer.signer };
		lookUps.set(name, lookUp);
		return lookUp;
	}
}

function createLookUpLog(): LookUpLog {
	const finished: FinishedOperation[] = [];
	const running = new Set<Promise<unknown>>();
	const durationOf = (operation: FinishedOperation["operation"]): number =>
		finished.filter((end) => end.operation === operation).reduce((sum, end) => sum + end.durationMs, 0);
	return {
		observer(run) {
			const ending = run().then((end) => finished.push(end));
			running.add(ending);
			ignoreRejection(ending);
		},
		source() {
			const end = finished.find(({ operation }) => operation === "resolve");
			return end?.operation === "resolve" && end.cache !== undefined ? SOURCES[end.cache] : undefined;
		},
		durationMs() {
			const isFinished = finished.some(({ operation }) => operation === "resolve");
			return isFinished ? Math.max(durationOf("resolve") - durationOf("document"), 0) : undefined;
		},
		async documents() {
			await Promise.all(running);
			return finished.filter((end) => end.operation === "document");
		},
	};
}
