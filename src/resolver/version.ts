/**
 * Earlier versions of an organization: at a block (`versionId`) or at a time (`versionTime`) of DID Resolution.
 * @module
 */
import type { DIDResolutionOptions } from "did-resolver";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { parseDateTime } from "../encoding/date-time.js";
import { DidError, formatValue, isOrgpassError } from "../errors/errors.js";
import type { OrgRecord } from "../registry/org-record.js";
import type { RegistryReader } from "../registry/registry.js";

/** Reads the requested version; undefined if none was requested. The result isn't cached. */
export async function readVersion(
	registry: RegistryReader,
	did: CanonicalDidUrl,
	{ versionId, versionTime }: DIDResolutionOptions,
): Promise<{ readonly record: OrgRecord | undefined } | undefined> {
	if (versionId === undefined && versionTime === undefined) return undefined;
	if (versionId !== undefined && versionTime !== undefined) {
		throw new DidError("did/syntax", "expected either versionId or versionTime");
	}
	// A failure of these checks says nothing about the version.
	await registry.readAdapter();
	try {
		const blockTag = versionId === undefined ? await findBlock(registry, versionTime) : parseBlockNumber(versionId);
		return { record: blockTag === undefined ? undefined : await registry.read(did.orgId, { blockTag }) };
	} catch (cause) {
		if (!isOrgpassError(cause) || cause.code !== "registry/bad-response") throw cause;
		const message = `the node has no state for that version of ${did.did}`;
		throw new DidError("did/version-not-found", message, { cause });
	}
}

/** Parses `versionId` and `versionTime` of a DID URL's query (DID Core 3.2.1). Other parameters are ignored. */
export function parseVersionQuery(query: string | undefined): { versionId?: string; versionTime?: string } {
	const version: ReturnType<typeof parseVersionQuery> = {};
	for (const parameter of query?.split("&") ?? []) {
		const at = parameter.indexOf("=");
		const name = parameter.slice(0, at);
		if (name !== "versionId" && name !== "versionTime") continue;
		if (version[name] !== undefined) throw new DidError("did/syntax", `expected one ${name}, got several`);
		version[name] = decodePercent(parameter.slice(at + 1));
	}
	return version;
}

function decodePercent(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch (cause) {
		throw new DidError("did/syntax", `expected percent-encoded UTF-8, got ${formatValue(text)}`, { cause });
	}
}

function parseBlockNumber(versionId: unknown): number {
	const text = String(versionId);
	const block = /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
	if (block !== undefined) return block;
	throw new DidError("did/syntax", `expected versionId to be a block number, got ${formatValue(versionId)}`);
}

async function findBlock(registry: RegistryReader, versionTime: unknown): Promise<number | undefined> {
	const time = parseDateTime(versionTime);
	if (time !== undefined) return registry.findBlock(time);
	throw new DidError("did/syntax", `expected versionTime as RFC 3339, got ${formatValue(versionTime)}`);
}
