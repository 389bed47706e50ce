import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import {
	ACCOUNT_KINDS,
	type AccountKind,
	AUDIENCE,
	accountResolver,
	claimsOf,
	DID,
	DIRECTOR,
	forgeAccountToken,
	headerOf,
	issuerOf,
	OWNER,
	profileOf,
	refuseToken,
	STRANGER,
	signAccountSegments,
	verifierOf,
	verifyToken,
} from "../support/account-stage.ts";
import {
	joinBytes,
	ORDER_BYTES,
	signatureOf,
	sOf,
	toBytes32,
	toSegment,
	withSignature,
} from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";

const OF_EVERY_KIND = ACCOUNT_KINDS.map((kind) => [kind] as const);
const ORDER = BigInt(`0x${Buffer.from(ORDER_BYTES).toString("hex")}`);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The signature's 65 bytes, whatever the kind writes them as. */
function bytesOf(kind: AccountKind, token: string): Uint8Array {
	const raw = signatureOf(token);
	return kind === "orgid-eip712" ? Uint8Array.from(Buffer.from(Buffer.from(raw).toString().slice(2), "hex")) : raw;
}

/** The same token with other signature bytes, written as its kind does. */
function withBytes(kind: AccountKind, token: string, bytes: Uint8Array): string {
	const hex = Buffer.from(`0x${Buffer.from(bytes).toString("hex")}`);
	return withSignature(token, kind === "orgid-eip712" ? hex : bytes);
}

describe("a change to any character", () => {
	it.each(OF_EVERY_KIND)("%s: a token with any character changed is rejected", async (kind) => {
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { scope: "read" }) });
		const verifier = verifierOf(kind);
		await verifier.verify(token);
		const caseless = kind === "orgid-eip712" ? token.lastIndexOf(".") : token.length;
		// By default every sixth character, each kind from another one.
		const step = thorough(1, 2 * ACCOUNT_KINDS.length);
		for (let at = (2 * ACCOUNT_KINDS.indexOf(kind)) % step; at < token.length; at += step) {
			const next = ALPHABET[(ALPHABET.indexOf(token[at] as string) + 1) % 64] as string;
			const other = `${token.slice(0, at)}${token[at] === "." ? "A" : next}${token.slice(at + 1)}`;
			// A changed letter of hexadecimal text may be the same digit.
			if (at > caseless && isSameHex(token, other)) continue;
			await expectRefusal(() => verifier.verify(other), [
				...["token/malformed", "token/number", "token/algorithm", "token/type", "token/key-id", "token/header"],
				...["token/signature", "token/issuer", "token/audience", "token/claim-missing"],
				...["token/claim-invalid", "token/expired", "token/issued-in-future", "token/lifetime"],
				...["token/milliseconds", "did/not-found", "did/key-not-found", "did/chain-unknown"],
			] as ErrorCode[]);
		}
	});

	function isSameHex(one: string, other: string): boolean {
		const text = (token: string): string => Buffer.from(signatureOf(token)).toString().toLowerCase();
		return text(one) === text(other);
	}
});

describe("T10: one encoding per token", () => {
	const uneven = (value: object): string => {
		const text = JSON.stringify(value);
		return new TextEncoder().encode(text).length % 3 === 0 ? `${text} ` : text;
	};
	const withTrailingBit = (segment: string): string =>
		`${segment.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(segment.slice(-1)) + 1]}`;

	it.each(OF_EVERY_KIND)(
		"T10: %s: trailing bits, padding, spaces and +/ are rejected though correctly signed",
		async (kind) => {
			const [header, payload] = [toSegment(uneven(headerOf(kind))), toSegment(uneven(claimsOf(kind)))];
			const pairs = [
				[withTrailingBit(header), payload],
				[header, withTrailingBit(payload)],
				[header, `${payload}=`],
				[header, `${payload.slice(0, 8)} ${payload.slice(8)}`],
				[header, `${payload.slice(0, 8)}\n${payload.slice(8)}`],
				[
					header,
					toSegment(claimsOf(kind, { x: "~~~~???>>>>~~~~" }))
						.replaceAll("_", "/")
						.replaceAll("-", "+"),
				],
			] as const;
			for (const [first, second] of pairs) {
				await refuseToken(kind, await signAccountSegments(kind, OWNER, first, second), "token/malformed", 0);
			}
			const token = await forgeAccountToken(kind);
			for (const other of [`${token}=`, `${token}==`, `${token}\n`, ` ${token}`]) {
				await refuseToken(kind, other, "token/malformed", 0);
			}
		},
	);
});

describe("T11, T12, T16: not a compact JWS", () => {
	it.each(OF_EVERY_KIND)("T11: %s: any other form is rejected", async (kind) => {
		const token = await forgeAccountToken(kind);
		const [header, payload, signature] = token.split(".") as [string, string, string];
		const shapes: unknown[] = [
			...["", "..", header, `${header}.${payload}`, `${token}.AAAA`, `${token}.AAAA.AAAA`, `${token}.`],
			...[`.${token}`, `Bearer ${token}`, `"${token}"`, `\ufeff${token}`, token.replaceAll(".", "\uff0e")],
			...[token.replaceAll(".", "%2E"), `${token}\u0000`, `${token},${token}`, `.${payload}.${signature}`],
			...[JSON.stringify({ protected: header, payload, signature }), null, undefined, 0, {}, [token]],
		];
		for (const shape of shapes) await refuseToken(kind, shape as string, "token/malformed", 0);
	});

	it.each(OF_EVERY_KIND)("T12: %s: a token above the size limit is rejected without decoding it", async (kind) => {
		const token = await forgeAccountToken(kind, { payload: claimsOf(kind, { x: "x".repeat(8_192) }) });
		await refuseToken(kind, token, "token/too-large", 0);
		await refuseToken(kind, ".".repeat(8_192), "token/malformed", 0);
	});

	it.each(OF_EVERY_KIND)("T16: %s: JSON that parsers read differently is rejected", async (kind) => {
		const [header, payload] = [JSON.stringify(headerOf(kind)), JSON.stringify(claimsOf(kind))];
		const pairs = [
			[`{"alg":"none",${header.slice(1)}`, payload],
			[header, `{"iss":"x",${payload.slice(1)}`],
			[header, `{"\\u0065xp":1,${payload.slice(1)}`],
			[header, `[${payload}]`],
			[header, "null"],
			["null", payload],
			[header, `${payload}{}`],
			[header, `\ufeff${payload}`],
			[header, `{"__proto__":{"admin":true},${payload.slice(1)}`],
			[header, `{"x":"\\ud800",${payload.slice(1)}`],
			[header, `{"x":${"[".repeat(40)}${"]".repeat(40)},${payload.slice(1)}`],
		] as const;
		for (const [first, second] of pairs) {
			const token = await forgeAccountToken(kind, { header: first, payload: second });
			await refuseToken(kind, token, "token/malformed", 0);
		}
	});
});

describe("T18, T20: the signature", () => {
	it.each(OF_EVERY_KIND)("T18: %s: an r or s out of range, another length or another v is rejected", async (kind) => {
		const token = await forgeAccountToken(kind);
		const bytes = bytesOf(kind, token);
		const [r, s, v] = [bytes.subarray(0, 32), bytes.subarray(32, 64), bytes.subarray(64)];
		const zero = new Uint8Array(32);
		const one = zero.with(31, 1);
		const signatures = [
			...[
				[zero, s, v],
				[r, zero, v],
				[zero, zero, v],
				[ORDER_BYTES, s, v],
				[r, ORDER_BYTES, v],
				[one, one, v],
			],
			...[
				[new Uint8Array(64).fill(0xff), v],
				[s, r, v],
				[r.with(0, (r[0] as number) ^ 1), s, v],
			],
			...[
				[r, s.with(31, (s[31] as number) ^ 1), v],
				[r, s],
				[r, s, v, v],
				[v, r, s],
				[r, s, v, new Uint8Array(65)],
			],
			...[2, 3, 4, 26, 29, 30, 31, 32, 35, 36, 54, 255].map((other) => [r, s, Uint8Array.of(other)]),
			[r, s, Uint8Array.of((v[0] as number) ^ 7)],
			[],
		];
		for (const parts of signatures) {
			await refuseToken(kind, withBytes(kind, token, joinBytes(...parts)), "token/signature");
		}
	});

	it.each(OF_EVERY_KIND)("T18: %s: a signature by another account or over other claims is rejected", async (kind) => {
		await refuseToken(kind, await forgeAccountToken(kind, { signer: STRANGER }), "token/signature");
		const token = await forgeAccountToken(kind);
		const [header, , signature] = token.split(".");
		await refuseToken(
			kind,
			`${header}.${toSegment(claimsOf(kind, { scope: "admin" }))}.${signature}`,
			"token/signature",
		);
	});

	it.each(OF_EVERY_KIND)("T20: %s: v as 0 or 1 and the high-S twin are accepted as the same token", async (kind) => {
		const token = await forgeAccountToken(kind);
		const bytes = bytesOf(kind, token);
		const v = bytes[64] as number;
		const bare = withBytes(kind, token, bytes.with(64, v - 27));
		const high = toBytes32(ORDER - sOf(bytes.subarray(0, 64)));
		const twin = withBytes(kind, token, joinBytes(bytes.subarray(0, 32), high, Uint8Array.of(v ^ 7)));
		const verifier = verifierOf(kind);
		const verified = await verifier.verify(token);
		for (const other of [bare, twin]) expect(await verifier.verify(other)).toEqual(verified);
	});

	it("T19: the signature of an EIP-712 token must be hexadecimal text", async () => {
		const token = await forgeAccountToken("orgid-eip712");
		const bytes = bytesOf("orgid-eip712", token);
		const hex = Buffer.from(bytes).toString("hex");
		await refuseToken("orgid-eip712", withSignature(token, bytes), "token/signature");
		for (const text of [
			hex,
			`0X${hex}`,
			`0x${hex}0`,
			`0x${hex.slice(1)}`,
			`0x${hex}00`,
			`0x${hex.slice(2)}g0`,
			` 0x${hex}`,
			`0x${hex.slice(0, -2)} 1`,
		]) {
			await refuseToken("orgid-eip712", withSignature(token, Buffer.from(text)), "token/signature");
		}
		const upper = withSignature(token, Buffer.from(`0x${hex.toUpperCase()}`));
		expect((await verifyToken("orgid-eip712", upper)).issuer).toBe(DID);
	});
});

describe("T9: no profile accepts another's token", () => {
	it.each(
		ACCOUNT_KINDS.flatMap((kind) =>
			ACCOUNT_KINDS.filter((other) => other !== kind).map((other) => [kind, other] as const),
		),
	)("T9: a token of %s is rejected by the verifier of %s, also with that profile's header", async (kind, other) => {
		await refuseToken(other, await forgeAccountToken(kind), "token/algorithm", 0);
		const dressed = await signAccountSegments(
			kind,
			OWNER,
			toSegment(headerOf(other)),
			toSegment(claimsOf(other, { iss: issuerOf(other) })),
		);
		await refuseToken(other, dressed, "token/signature");
		const verifiers = createVerifier({
			profiles: ACCOUNT_KINDS.filter((one) => one !== kind).map((one) => profileOf(one)),
		});
		const token = await forgeAccountToken(kind);
		await expectRefusal(() => verifiers.verify(token), "token/unrecognized");
	});

	it("T72: a signature for another chain or registry is rejected", async () => {
		const [header, payload] = [toSegment(headerOf("orgid-account")), toSegment(claimsOf("orgid-account"))];
		const domains = [{ chainId: 1 }, { verifyingContract: OWNER.address }, { name: "JWT" }, { version: "2" }];
		for (const domain of domains) {
			const token = await signAccountSegments("orgid-account", OWNER, header, payload, domain);
			await refuseToken("orgid-account", token, "token/signature");
		}
	});

	it("a token that differs from what the wallet showed is rejected", async () => {
		const shown = claimsOf("orgid-account", { scope: "read" });
		for (const members of [{ scope: "admin" }, { exp: (shown["exp"] as number) + 1 }, { aud: [AUDIENCE, "x"] }]) {
			const [header, payload] = [toSegment(headerOf("orgid-account")), toSegment({ ...shown, ...members })];
			const honest = {
				signMessage: OWNER.signMessage.bind(OWNER),
				signTypedData: OWNER.signTypedData.bind(OWNER),
			};
			const liar = {
				...honest,
				signTypedData: (domain: object, types: never, value: object) =>
					OWNER.signTypedData(domain, types, {
						...value,
						scope: "read",
						expires: shown["exp"],
						audience: [AUDIENCE],
					}),
			};
			const token = await signAccountSegments("orgid-account", liar, header, payload);
			await refuseToken("orgid-account", token, "token/signature");
			const good = await signAccountSegments("orgid-account", honest, header, payload);
			expect((await verifyToken("orgid-account", good)).issuer).toBe(DID);
		}
	});

	it("at most one of the four profiles recognizes a token", () => {
		const resolver = accountResolver();
		const profiles = ACCOUNT_KINDS.map((kind) => profileOf(kind, { resolver }));
		for (const alg of ["EIP712", "ETH", "ES256", "ES256K", "none", null]) {
			for (const typ of ["JWT", "orgid-account+jwt", undefined]) {
				for (const kid of ["EcdsaSecp256k1RecoveryMethod2020", DID, undefined]) {
					const jws = { header: { alg, typ, kid } } as never;
					expect(profiles.filter((profile) => profile.recognizes(jws)).length).toBeLessThanOrEqual(1);
				}
			}
		}
	});

	it("T39: the director can sign as the director, but not as the owner", async () => {
		const header = headerOf("orgid-account", { kid: `${DID}#director` });
		const token = await forgeAccountToken("orgid-account", { header, signer: DIRECTOR });
		expect((await verifyToken("orgid-account", token)).keyId).toBe(`${DID}#director`);
		await refuseToken(
			"orgid-account",
			await forgeAccountToken("orgid-account", { signer: DIRECTOR }),
			"token/signature",
		);
		const eth = await forgeAccountToken("orgid-eth", { signer: DIRECTOR });
		expect((await verifyToken("orgid-eth", eth)).keyId).toBe(`${DID}#director`);
	});
});
