/**
 * The issuers of a profile that were found before, by the text that names them: nothing about them is parsed, looked up
 * or imported again until it changes.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import { LRUCache } from "lru-cache";
import type { CanonicalDidUrl } from "../../did/did-url.js";
import { type KnownResult, knownResolutionOf } from "../../did/known-resolution.js";
import type { ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { type ResolvedOrganization, resolveOrganization, toOrganization } from "./resolve-organization.js";

/** An issuer as a token names it. */
export interface NamedIssuer {
	/** The DID URL of its key or account. */
	readonly keyId: CanonicalDidUrl;
	/** Who must have signed, for error messages. */
	readonly signer: string;
	/** Finds the keys or accounts that may have signed. */
	readonly toResolved: (resolved: ResolvedOrganization) => ResolvedIssuer;
}

/** Issuers by the text that names them. */
export interface KnownIssuers {
	/** Returns the issuer of this text; a new one is remembered once it has been found. */
	get(text: unknown, parse: () => NamedIssuer): TokenIssuer;
}

/** Creates the issuers of one profile. Only those that `createOrgIdResolver` has in its cache can be remembered. */
export function createKnownIssuers(resolver: Resolvable): KnownIssuers {
	const resolution = knownResolutionOf(resolver);
	const known = new LRUCache<string, TokenIssuer>({
		maxSize: resolution?.maxEntries ?? 1,
		sizeCalculation: () => 1,
	});
	return {
		get: (text, parse) => known.get(text as string) ?? createIssuer(text as string, parse()),
	};

	function createIssuer(text: string, { keyId, signer, toResolved }: NamedIssuer): TokenIssuer {
		let findResult: KnownResult | undefined;
		let last: { readonly result: DIDResolutionResult; readonly resolved: ResolvedIssuer } | undefined;
		const tokenIssuer: TokenIssuer = Object.freeze({
			issuer: keyId.did,
			signer,
			resolve: () => findKnown() ?? find(),
		});
		return tokenIssuer;

		function findKnown(): ResolvedIssuer | undefined {
			const result = findResult?.();
			if (result === undefined) return undefined;
			if (result !== last?.result) last = { result, resolved: toResolved(toOrganization(result, keyId)) };
			return last.resolved;
		}

		async function find(): Promise<ResolvedIssuer> {
			const resolved = toResolved(await resolveOrganization(resolver, keyId));
			if (resolution === undefined) return resolved;
			findResult = resolution.resultsOf(keyId);
			known.set(text, tokenIssuer);
			return resolved;
		}
	}
}
