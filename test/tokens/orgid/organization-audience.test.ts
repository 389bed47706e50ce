import { describe, expect, it } from "vitest";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../../src/tokens/orgid/orgid-minter.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	profileOf as accountProfileOf,
	accountResolver,
	CHAIN_ID,
} from "../../support/account-stage.ts";
import { toSegment } from "../../support/forge-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const KINDS = ["orgid", ...ACCOUNT_KINDS] as const;
type Kind = "orgid" | AccountKind;
const KINDS_WITH_DEFAULT_CHAIN = KINDS.filter((kind) => kind !== "orgid-account");

const SHORT = AUDIENCE.replace(`${CHAIN_ID}:`, "");
const OTHER_CHAIN = AUDIENCE.replace(`${CHAIN_ID}`, "100");

function profileOf(kind: Kind, options: { readonly audience: string | string[]; readonly defaultChainId?: number }) {
	return kind === "orgid" ? orgid({ resolver: accountResolver(), ...options }) : accountProfileOf(kind, options);
}

/** Checks the claims of a token with this `aud`. */
function verifyAud(kind: Kind, aud: unknown, options: Parameters<typeof profileOf>[1]): unknown {
	const limits = { now: 1_000, clockToleranceSeconds: 30, maxLifetimeSeconds: 3_600 };
	const jws = decodeToken(`${toSegment({})}.${toSegment({ aud, iat: 1_000, exp: 1_060 })}.`);
	return profileOf(kind, options).verifyClaims(jws, limits);
}

describe("T31: aud with and without the default chain", () => {
	it.for(KINDS_WITH_DEFAULT_CHAIN)("T31: %s: both spellings are one name", (kind) => {
		for (const audience of [AUDIENCE, SHORT, ["https://hotel.example", SHORT]]) {
			for (const aud of [AUDIENCE, SHORT, ["x", SHORT]]) {
				expect(() => verifyAud(kind, aud, { audience, defaultChainId: CHAIN_ID })).not.toThrow();
			}
		}
	});

	it.for(KINDS_WITH_DEFAULT_CHAIN)("T31: %s: another chain's organization is another name", async (kind) => {
		const defaultChainId = CHAIN_ID;
		for (const [audience, aud] of [
			[AUDIENCE, OTHER_CHAIN],
			[SHORT, OTHER_CHAIN],
			[OTHER_CHAIN, AUDIENCE],
			[OTHER_CHAIN, SHORT],
			[AUDIENCE, `${SHORT}#webserver`],
			[AUDIENCE, SHORT.toUpperCase()],
		] as const) {
			await expectRefusal(() => verifyAud(kind, aud, { audience, defaultChainId }), "token/audience");
		}
	});

	it.for(KINDS)("T31: %s: without a default chain, they are two names", async (kind) => {
		for (const [audience, aud] of [
			[AUDIENCE, SHORT],
			[SHORT, AUDIENCE],
		] as const) {
			await expectRefusal(() => verifyAud(kind, aud, { audience }), "token/audience");
			verifyAud(kind, audience, { audience });
		}
	});
});

describe("T31: an audience that no token names", () => {
	const NEVER_NAMED: readonly [what: string, audience: string | string[]][] = [
		["in upper case", AUDIENCE.toUpperCase()],
		["with upper-case hex digits", AUDIENCE.replace(/0x.*/, (id) => `0x${id.slice(2).toUpperCase()}`)],
		["with 0X", SHORT.replace("0x", "0X")],
		["with a fragment", `${AUDIENCE}#webserver`],
		["with a fragment and no chain", `${SHORT}#webserver`],
		["with a fragment, beside a good one", [AUDIENCE, `${AUDIENCE}#webserver`]],
		["with a path", `${AUDIENCE}/rooms`],
		["with a query", `${AUDIENCE}?versionId=1`],
		["after a space", ` ${AUDIENCE}`],
		["before a line feed", `${AUDIENCE}\n`],
		["without its last digit", AUDIENCE.slice(0, -1)],
		["with a chain in hex", AUDIENCE.replace(`${CHAIN_ID}`, "0x7a69")],
	];

	it.for(KINDS.flatMap((kind) => NEVER_NAMED.map(([what, audience]) => [kind, what, audience] as const)))(
		"T31: %s: a DID %s is a configuration error",
		async ([kind, , audience]) => {
			const { message, details } = await expectRefusal(() => profileOf(kind, { audience }), "config/invalid-option");
			expect(message).toContain("audience must be a bare DID in lower case, without a fragment");
			expect(details).toEqual({ option: "audience" });
		},
	);

	it.for(NEVER_NAMED)("T31: no token is minted for a DID %s", async ([, audience]) => {
		const { privateKey: key } = await generateKeyPair();
		const options = { key, issuer: `${AUDIENCE}#webserver` };
		await expectRefusal(() => createOrgIdMinter({ ...options, audience }), "config/invalid-option");
		await expectRefusal(() => createOrgIdMinter(options).mint({ audience }), "config/invalid-option");
	});

	it.for(["https://Hotel.example/#rooms", "did:web:Hotel.example#a", "hotel", "DID"])(
		"T31: %s may be an audience: its letters and marks are the server's own",
		(audience) => {
			for (const kind of KINDS) expect(() => verifyAud(kind, audience, { audience })).not.toThrow();
		},
	);
});
