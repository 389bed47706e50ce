/** The forms of a DID and a DID URL: every reader finds the same organization and key in them, or none. */
import { parse } from "did-resolver";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseTypedDid } from "../../src/cli/typed-did.ts";
import { aliasesOf, canonicalizeId, isSubjectDid } from "../../src/did/did-aliases.ts";
import { type DidUrl, formatDidUrl, type OrgId, parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { undefinedOnError } from "../../src/encoding/undefined-on-error.ts";
import { runs } from "../support/property.ts";

const chainId = fc.constantFrom(1, 10, Number.MAX_SAFE_INTEGER);
const orgId = fc.constantFrom("0a", "0b", "a0").map((byte): OrgId => `0x${byte.repeat(32)}`);
const fragment = fc.constantFrom("a", "webserver", "-", "0x1", "A_".repeat(32));
const didUrl = fc
	.record({ chainId, orgId, fragment }, { requiredKeys: ["orgId"] })
	.map((parts): DidUrl => ({ ...parts }));
/** Nearly a DID URL: something is inserted at a place, or replaced. */
const edited = fc
	.tuple(
		didUrl.map(formatDidUrl),
		fc.nat(),
		fc.constantFrom("", "0", "1", ":", "#", "/", "?", "A", "%61", ";"),
		fc.nat(1),
	)
	.map(([text, at, inserted, removed]) => {
		const place = at % (text.length + 1);
		return `${text.slice(0, place)}${inserted}${text.slice(place + removed)}`;
	});
/** A DID that goes on where it should end. */
const longer = fc
	.tuple(didUrl, fc.constantFrom("0", "x", ":", "/", "?a", "#"), fc.constantFrom("", "#a"))
	.map(([{ fragment: _, ...did }, more, end]) => `${formatDidUrl(did)}${more}${end}`);
const texts = fc.oneof(didUrl.map(formatDidUrl), edited, longer);
const subjects = fc.record({ orgId, chainId }).map(({ orgId, chainId }) => toCanonicalDidUrl({ orgId, chainId }));

it("T33: an id of a document is the subject's if and only if it says so as a DID URL", () => {
	fc.assert(
		fc.property(texts, subjects, (text, subject) => {
			const parts = undefinedOnError(() => parseDidUrl(text));
			const absolute = parts && toCanonicalDidUrl(parts, subject.chainId);
			const isOwn = absolute !== undefined && absolute.did === subject.did;
			const found = canonicalizeId(text, subject);
			if (isOwn) expect(found).toBe(formatDidUrl({ ...absolute }));
			// It may be relative, and its fragment isn't checked: it need not be a name that tokens can use.
			else if (found !== undefined)
				expect(["", subject.did, formatDidUrl({ orgId: subject.orgId })]).toContain(text.split("#")[0]);
			expect(isSubjectDid(text, subject)).toBe(isOwn && parts?.fragment === undefined);
		}),
		runs(500),
	);
});

it("T33: every alias of a DID URL is canonicalized to it, and nothing else is an alias", () => {
	fc.assert(
		fc.property(didUrl, chainId, texts, (parts, chain, text) => {
			const keyId = toCanonicalDidUrl(parts, chain);
			const canonical = formatDidUrl({ ...keyId });
			const subject = toCanonicalDidUrl({ orgId: keyId.orgId, chainId: keyId.chainId });
			const names = aliasesOf(keyId);
			expect(names.map((name) => canonicalizeId(name, subject))).toEqual(names.map(() => canonical));
			expect(names.includes(text)).toBe(canonicalizeId(text, subject) === canonical);
		}),
		runs(500),
	);
});

it("T33: did-resolver and the command line find the same parts in a DID URL", () => {
	fc.assert(
		fc.property(texts, chainId, (text, chain) => {
			const parts = undefinedOnError(() => parseDidUrl(text));
			const theirs = parse(text);
			if (parts !== undefined) {
				const { fragment: _, ...bare } = parts;
				expect(theirs).toMatchObject({ method: "orgid", did: formatDidUrl(bare) });
				expect(theirs?.fragment).toBe(parts.fragment);
			}
			const inCapitals = text.replace(/0x(?:0a){32}/, (hex) => hex.replaceAll("a", "A"));
			const typed = undefinedOnError(() => parseTypedDid(inCapitals, chain));
			const isHere = parts !== undefined && (parts.chainId ?? chain) === chain;
			if (isHere) expect(typed).toEqual(toCanonicalDidUrl(parts, chain));
			else if (parts !== undefined) expect(typed).toBeUndefined();
		}),
		runs(500, 500, [[`did:orgid:0x${"0a".repeat(32)}#0a`, 1]]),
	);
});

it.each([undefined, null, 1, {}, ["#a"]])("T33: %j is no id of a document", (value) => {
	const subject = toCanonicalDidUrl({ orgId: `0x${"0a".repeat(32)}`, chainId: 1 });
	expect(canonicalizeId(value, subject)).toBeUndefined();
	expect(isSubjectDid(value, subject)).toBe(false);
});
