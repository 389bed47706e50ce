/** @module */
import { formatTimeAway } from "../encoding/format-time.js";
import { escapeText } from "../errors/errors.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";

/** Formats what the registry says about an organization. */
export function formatRecord(record: OrgRecord): string {
	const { did, owner, director, active, document, delegates, keys, kind, registry } = record;
	return [
		did,
		`owner     ${owner}`,
		`director  ${director ?? "none"}`,
		`state     ${active ? "active" : "deactivated"}`,
		`registry  ${registry} (${kind})`,
		`document  ${document === undefined ? "none" : document.uris.map(escapeText).join(" ")}`,
		...(document?.hash === undefined ? [] : [`hash      ${document.hash}`]),
		...(delegates ?? []).map((delegate) => `delegate  ${escapeText(delegate)}`),
		...keys.map(formatKey),
	].join("\n");
}

function formatKey({ fragment, publicKeyHex, validFrom, validUntil }: OnChainKey): string {
	const from = validFrom === 0 ? "" : ` from ${formatTimeAway(validFrom)}`;
	const until = validUntil === 0 ? "" : ` until ${formatTimeAway(validUntil)}`;
	return `key       #${fragment}${from}${until} ${publicKeyHex}`;
}
