/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

const FOR_THE_TYPE = "nothing else is thrown there: for the type only";

export const DOCUMENT: readonly EquivalentMutant[] = [
	{
		...{ file: "document/document-checks.ts", from: "isSigned !== true", to: "false" },
		why: "the document of a credential whose signature failed isn't returned to anybody",
	},
	{
		...{ file: "document/document-checks.ts", from: "authority === undefined", to: "false" },
		why: "a signature is only checked with an authority: for the type only",
	},
	{
		file: "document/document-checks.ts",
		...{ from: "isSigned !== true || authority === undefined", to: "isSigned !== true && authority === undefined" },
		why: "the document of a credential whose signature failed isn't returned to anybody",
	},
	{
		...{ file: "document/document-checks.ts", from: "validUntil !== undefined", to: "true" },
		why: "no time is after undefined: for the type only",
	},
	{
		...{ file: "document/document-checks.ts", from: "validFrom !== undefined", to: "true" },
		why: "no time is before undefined: for the type only",
	},
	{
		...{ file: "document/document-json.ts", from: '"0"', to: '""' },
		why: "what isn't a kept number isn't out of range, whatever its text",
	},
	{
		...{ file: "document/document-json.ts", from: "!(cause instanceof SyntaxError)", to: "false" },
		why: FOR_THE_TYPE,
	},
	{
		...{ file: "document/inspect-document.ts", from: 'name === "hash"', to: "true" },
		why: "what isn't JSON passes no other check",
	},
	{
		...{ file: "document/keccak256.node.ts", from: "hashedBytes += bytes.length" },
		why: "WebAssembly and JavaScript give the same hash: it costs time only",
	},
	{
		...{ file: "document/keccak256.node.ts", from: "hashedBytes < BYTES_WITHOUT_WASM" },
		why: "WebAssembly and JavaScript give the same hash: it costs time only",
	},
	{
		...{ file: "document/keccak256.ts", from: "from < bytes.length", to: "from <= bytes.length" },
		why: "after the last slice there are no bytes, which don't change the hash",
	},
	{
		...{ file: "document/keccak256.ts", from: "bytes.length > SLICE_BYTES", to: "true" },
		why: "a small document costs a turn of the event loop more",
	},
	{
		...{ file: "document/keccak256.ts", from: "bytes.length > SLICE_BYTES", to: "bytes.length >= SLICE_BYTES" },
		why: "a document of one slice costs a turn of the event loop more",
	},
	// document/credential
	{
		...{ file: "document/credential/credential-validity.ts", from: "validFrom !== undefined", to: "true" },
		why: "no time is before undefined: for the type only",
	},
	{
		...{ file: "document/credential/credential-validity.ts", from: "validUntil !== undefined", to: "true" },
		why: "no time is after undefined: for the type only",
	},
	{
		...{ file: "document/credential/proof-authority.ts", from: "!(cause instanceof DidError)", to: "false" },
		why: FOR_THE_TYPE,
	},
	{
		...{ file: "document/credential/proof-authority.ts", from: "!isOrgpassError(cause)", to: "false" },
		why: FOR_THE_TYPE,
	},
	{
		file: "document/credential/proof-authority.ts",
		from: 'orgJson.capabilityDelegation.filter((entry) => typeof entry === "object")',
		to: "orgJson.capabilityDelegation",
		why: "a text has no id: for the type only",
	},
	{
		...{ file: "document/credential/proof-authority.ts", from: 'typeof entry === "object"', to: "true" },
		why: "a text has no id: for the type only",
	},
	// document/fetch
	{
		...{ file: "document/fetch/content-type.ts", from: '""', to: '"Stryker was here!"' },
		why: "a text that is split has at least one part: for the type only",
	},
	{
		...{ file: "document/fetch/data-uri.ts", from: "comma < 0", to: "comma <= 0" },
		why: "the text begins with data:, so no comma is first",
	},
	{
		...{ file: "document/fetch/data-uri.ts", from: "/^[0-9a-f]{2}$/i", to: "/[0-9a-f]{2}$/i" },
		why: "the text has two characters at most",
	},
	{
		...{ file: "document/fetch/data-uri.ts", from: "/^[0-9a-f]{2}$/i", to: "/^[0-9a-f]{2}/i" },
		why: "the text has two characters at most",
	},
	{
		...{ file: "document/fetch/document-response.ts", from: '""', to: '"Stryker was here!"' },
		why: "neither of the two texts is the type of an HTML page",
	},
	{
		...{ file: "document/fetch/document-transport.node.ts", from: "ca === undefined", to: "false" },
		why: "for Node an undefined option is an absent one",
	},
	{
		...{ file: "document/fetch/document-transport.node.ts", from: "{ once: true }", to: "{}" },
		why: "a signal aborts once",
	},
	{
		file: "document/fetch/document-uri.ts",
		...{ from: "SCHEME.exec(uri)?.[1]?.toLowerCase", to: "SCHEME.exec(uri)?.[1].toLowerCase" },
		why: "what matches has the group: for the type only",
	},
	{
		...{ file: "document/fetch/document-uri.ts", from: "prefix !== undefined", to: "true" },
		why: "no URL begins with the text undefined: for the type only",
	},
	{
		...{ file: "document/fetch/document-uri.ts", from: "{ return undefined; }", to: "{}" },
		why: "a function without return returns undefined",
	},
];
