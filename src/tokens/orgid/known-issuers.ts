/**
 * The issuers of a profile that were found before, by the text that names them: nothing about them is parsed, looked up
 * or imported again until it changes.
 * @module
 */
import type { DIDResolutionResult, Resolvable } from "did-resolver";
import { BoundedCache } from "../../caching/bounded-cache.js";
import type { CanonicalDidUrl, OrgId } from "../../did/did-url.js";
import { type Known, type KnownResolution, knownResolutionOf } from "../../did/known-resolution.js";
import type { Awaitable } from "../../encoding/awaitable.js";
import type { Observer } from "../../observe/observer.js";
import type { OrgRecord } from "../../registry/org-record.js";
import type { ResolvedIssuer, TokenIssuer } from "../token-kind.js";
import { type ResolvedOrganization, resolveOrganization, toOrganization } from "./resolve-organization.js";

/** An issuer as a token names it. */
export interface NamedIssuer {
	/** The DID URL of its key or account. */
	readonly keyId: CanonicalDidUrl;
	/** Who must have signed, for error messages. */
	readonly signer: string;
	/** Finds the keys or accounts that may have signed. */
	readonly toResolved: (resolved: ResolvedOrganization, keyId: CanonicalDidUrl, signer: string) => ResolvedIssuer;
}

/** Issuers by the text that names them. */
export interface KnownIssuers {
	/** Returns the issuer of this text; a new one is remembered once it has been found. */
	get(text: unknown, parse: () => NamedIssuer): TokenIssuer;
}

/** As `resolve`, but uses what is cached without adding to it, and reports what it does and finds. */
export type LookUp = (observer: Observer, onRecord: (record: OrgRecord) => void) => Promise<ResolvedIssuer>;

/** Where the issuers of a profile are found, and remembered. */
interface Source {
	readonly resolver: Resolvable;
	readonly resolution: KnownResolution | undefined;
	readonly known: BoundedCache<TokenIssuer>;
}

/** Creates the issuers of one profile. Only those that `createOrgIdResolver` has in its cache can be remembered. */
export function createKnownIssuers(resolver: Resolvable): KnownIssuers {
	const resolution = knownResolutionOf(resolver);
	const known = new BoundedCache<TokenIssuer>(resolution?.maxEntries ?? 1);
	const source: Source = { resolver, resolution, known };
	return {
		get: (text, parse) => known.get(text as string) ?? new KnownIssuer(source, text as string, parse()),
	};
}

/** Looks up the issuer of an organization's token for an explanation; undefined for other issuers. */
export function lookUpOf(tokenIssuer: TokenIssuer): LookUp | undefined {
	if (!(tokenIssuer instanceof KnownIssuer)) return undefined;
	return (observer, onRecord) => tokenIssuer.lookUp(observer, onRecord);
}

/** A class, because there may be a hundred thousand of them: closures would take several times the memory. */
class KnownIssuer implements TokenIssuer {
	readonly issuer: string;
	readonly signer: string;
	readonly #source: Source;
	readonly #text: string;
	readonly #keyId: CanonicalDidUrl;
	readonly #toResolved: NamedIssuer["toResolved"];
	#last: Known<ResolvedIssuer> | undefined;

	constructor(source: Source, text: string, { keyId, signer, toResolved }: NamedIssuer) {
		this.issuer = keyId.did;
		this.signer = signer === text ? text : signer;
		this.#source = source;
		this.#text = text;
		this.#keyId = keyId;
		this.#toResolved = toResolved;
		Object.freeze(this);
	}

	resolve(): Awaitable<ResolvedIssuer> {
		return (this.#last && this.#derive()) ?? this.#find();
	}

	async lookUp(observer: Observer, onRecord: (record: OrgRecord) => void): Promise<ResolvedIssuer> {
		const { resolver, resolution } = this.#source;
		const copy = resolution?.copy({ observer, onRecord: (record) => onRecord(record as OrgRecord) }) ?? resolver;
		return this.#read(await resolveOrganization(copy, this.#keyId));
	}

	/** The key as it is known now; undefined if that takes a request. */
	#derive(): ResolvedIssuer | undefined {
		const { resolution } = this.#source;
		const toResolved = (result: DIDResolutionResult) => this.#read(toOrganization(result, this.#keyId));
		this.#last = resolution?.derive(this.#keyId, this.#last, toResolved);
		return this.#last?.value;
	}

	async #find(): Promise<ResolvedIssuer> {
		const { resolver, resolution, known } = this.#source;
		const found = await resolveOrganization(resolver, this.#keyId);
		if (resolution === undefined) return this.#read(found);
		const { signer } = this;
		const keyId = withNamesOf(found, this.#keyId);
		const issuer = new KnownIssuer(this.#source, this.#text, { keyId, signer, toResolved: this.#toResolved });
		const resolved = issuer.#derive() ?? issuer.#read(found);
		// The token that was the first of this issuer is remembered with this object.
		this.#last = issuer.#last;
		known.set(this.#text, issuer);
		return resolved;
	}

	#read(organization: ResolvedOrganization): ResolvedIssuer {
		return this.#toResolved(organization, this.#keyId, this.signer);
	}
}

/** The same names, but as the record's own strings, so that they are kept only once. */
function withNamesOf({ organization }: ResolvedOrganization, keyId: CanonicalDidUrl): CanonicalDidUrl {
	if (organization === undefined) return keyId;
	const { did } = organization;
	return Object.freeze({ ...keyId, did, orgId: did.slice(-keyId.orgId.length) as OrgId });
}
