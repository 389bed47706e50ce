/**
 * Advice for PEM that can't be read.
 * @module
 */
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { recognizeDer } from "./der-content.js";
import { decodePemBody, type PemBlock, parsePem } from "./pem.js";
import { PRIVATE_LABELS } from "./pem-labels.js";
import type { KeyRequest } from "./recognize-key.js";

const PUBLIC_LABELS: ReadonlySet<string> = new Set(["PUBLIC KEY", "RSA PUBLIC KEY"]);
const START_LENGTH = 64;

export function adviseOnPem(text: string, request: KeyRequest): string | undefined {
	const start = text.slice(0, START_LENGTH);
	if (!start.startsWith("-----BEGIN ")) return adviseOnArmor(start);
	if (text.includes("\\\\n") || text.includes("\\\\r")) {
		return "the line breaks are escaped twice: write each as \\n, with one backslash, or as a real line break";
	}
	if (text.includes("-----nM") || text.includes("-----rnM")) {
		return "the line breaks have become the letter n: in an environment file, put the value with its \\n in quotes";
	}
	if (start.includes("-----BEGIN PGP ")) {
		return "this is an OpenPGP key, which can't be used: create a key with `orgpass keys generate --out key.pem`";
	}
	const blocks = undefinedOnError(() => parsePem(unescapeLines(text)));
	if (blocks === undefined) return undefined;
	const [block, ...others] = blocks as readonly [PemBlock, ...PemBlock[]];
	return others.length === 0 ? adviseOnBlock(block, request) : adviseOnBlocks(blocks, request);
}

/** For BEGIN lines that were changed by a form, a URL or a word processor. */
function adviseOnArmor(start: string): string | undefined {
	if (start.startsWith("-----BEGIN%20") || start.startsWith("-----BEGIN+")) {
		return "the PEM is encoded for a URL: decode it first, with `decodeURIComponent(text)`";
	}
	if (!start.includes("BEGIN") || !start.includes("KEY") || start.includes("-----BEGIN ")) return undefined;
	if (start.startsWith("---- BEGIN SSH2")) return undefined;
	return "the first line isn't that of a PEM, which has five hyphens, BEGIN, a space, the label and five hyphens, such as -----BEGIN PRIVATE KEY-----";
}

function adviseOnBlock(block: PemBlock, { expected }: KeyRequest): string | undefined {
	const { label } = block;
	if (label.endsWith("CERTIFICATE") && expected === "private") {
		return "this is a certificate, which contains no private key: use the file with its private key (`openssl x509 -pubkey -noout` extracts only the public key)";
	}
	if (!PRIVATE_LABELS.has(label) && !PUBLIC_LABELS.has(label)) return undefined;
	const content = undefinedOnError(() => recognizeDer(decodePemBody(block)));
	if (content === undefined || content.label === label || content.label === "") return undefined;
	return `the label is ${label}, but this is ${content.what}: change the label to ${content.label} in both the BEGIN and the END line`;
}

function adviseOnBlocks(blocks: readonly PemBlock[], { expected }: KeyRequest): string | undefined {
	const labels = expected === "private" ? PRIVATE_LABELS : PUBLIC_LABELS;
	const usable = blocks.filter(({ label }) => labels.has(label));
	const [key, another] = usable;
	if (key === undefined || another !== undefined) return undefined;
	const hasCertificate = blocks.some(({ label }) => label.startsWith("CERTIFICATE"));
	const what = hasCertificate ? "a key and a certificate" : "several keys";
	return `the text contains ${what}: keep only the lines from -----BEGIN ${key.label}----- to -----END ${key.label}-----`;
}

function unescapeLines(text: string): string {
	return text.replaceAll("\\r", "").replaceAll("\\n", "\n");
}
