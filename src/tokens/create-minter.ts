/**
 * The minter: makes tokens of every kind.
 * @module
 */
import * as z from "zod/mini";
import { decodeToken } from "../jws/decode-token.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { createAppMaker, createVonageMaker } from "./app/app-minter.js";
import { createIoctlMaker } from "./ioctl/ioctl-minter.js";
import { DEFAULT_MAX_LIFETIME_SECONDS } from "./lifetime.js";
import type { Maker } from "./minter.js";
import { type MinterOptions, type MintOptionsOf, minterOptionsSchema } from "./minter-options.js";
import { createAccountMaker, createOrgIdMaker, type MintOptions } from "./orgid/organization-minter.js";
import { offsetOf } from "./server-date.js";
import type { ProfileName } from "./token-kind.js";

/** Makes tokens; `Asked` is what one token of the kind can be given. */
export interface Minter<Asked = MintOptions> {
	/** Makes a new token. */
	mint(options?: Asked): Promise<string>;
	/** Gives a token that asks for nothing, the same one until a fifth of its life is left. */
	token(): Promise<string>;
}

/**
 * Makes a minter. `profile` says of what kind: `orgid` tokens are signed with a key of the organization,
 * header `{"alg":"ES256K","typ":"JWT","kid":<iss>}`; `orgid-account`, `orgid-eth` and `orgid-eip712` with an
 * Ethereum account; these have the claims `iss`, `aud`, `iat`, `exp`, `jti` and what `mint` is given. `ioctl`
 * tokens are IoTeX's, `github-app`, `icr-app` and `vonage` tokens are signed with an app's RSA key.
 *
 * What a key or a local ethers wallet signs is verified before it is returned. Another account's signature
 * isn't: it may be a contract's, and only the chain can tell. A verifier with `providers` asks it.
 *
 * @example
 * ```ts
 * import { createMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
 * const minter = createMinter({ profile: "orgid", key: privateKey, issuer, audience: "did:orgid:100:0x…" });
 * const { header, claims } = decodeToken(await minter.mint({ scope: ["book"], claims: { sub: "order-1" } }));
 * header; // => { alg: "ES256K", typ: "JWT", kid: issuer }
 * [claims["scope"], claims["sub"]]; // => ["book", "order-1"]
 * ```
 * @param options who signs, for whom, for how long
 * @returns the minter; its methods throw `config/invalid-option` for a missing audience, a life that is too
 * long, a reserved claim or an access control list that is none, and `key/signing-fault` for a signer that fails
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {KeyError} `key/wrong-algorithm` for a key of another kind
 * @throws {DidError} `did/syntax` for a bad issuer
 */
export function createMinter<Name extends ProfileName>(
	options: MinterOptions & { readonly profile: Name },
): Minter<MintOptionsOf<Name>> {
	checkOptions(minterOptionsSchema, options, "createMinter");
	const { now = systemClock, serverDate } = options;
	const maker = createMaker(options);
	const { askedSchema, defaultTtlSeconds, backdateSeconds = 0 } = maker;
	const { longestLifetimeSeconds = Number.POSITIVE_INFINITY } = maker;
	const maxLifetimeSeconds = Math.min(
		options.maxLifetimeSeconds ?? DEFAULT_MAX_LIFETIME_SECONDS,
		longestLifetimeSeconds,
	);
	const usualTtl = options.ttlSeconds ?? Math.min(defaultTtlSeconds, maxLifetimeSeconds);
	const offset = serverDate === undefined ? 0 : offsetOf(serverDate, readClock());
	const schema = z.optional(askedSchema);
	checkTtl(usualTtl);
	let current: Promise<string> | undefined;
	let mintedAt = 0;

	return Object.freeze({ mint, token });

	async function mint(asked: MintOptionsOf<Name> = {} as MintOptionsOf<Name>): Promise<string> {
		checkOptions(schema, asked, "mint");
		const { ttlSeconds = usualTtl } = asked;
		checkTtl(ttlSeconds);
		const moment = { now: readClock() + offset, ttlSeconds, maxLifetimeSeconds };
		const token = await maker.make(asked as never, moment);
		decodeToken(token);
		return token;
	}

	function token(): Promise<string> {
		const age = now() - mintedAt;
		if (current !== undefined && age >= 0 && backdateSeconds + age < usualTtl * 0.8) return current;
		mintedAt = now();
		const minting = mint();
		current = minting;
		minting.catch(() => {
			if (current === minting) current = undefined;
		});
		return minting;
	}

	function readClock(): number {
		const seconds = now();
		if (Number.isFinite(seconds)) return seconds;
		throw invalidOption("now", "a function that returns seconds since the epoch");
	}

	function checkTtl(ttlSeconds: number): void {
		if (ttlSeconds > maxLifetimeSeconds) {
			throw invalidOption(
				"ttlSeconds",
				`at most maxLifetimeSeconds (${maxLifetimeSeconds}), got ${ttlSeconds}`,
			);
		}
		// A life counts from iat: it would be over at birth.
		if (ttlSeconds > backdateSeconds) return;
		throw invalidOption(
			"ttlSeconds",
			`more than the ${backdateSeconds} seconds that iat is set back, got ${ttlSeconds}`,
		);
	}
}

function createMaker(options: MinterOptions): Maker {
	switch (options.profile) {
		case "orgid":
			return createOrgIdMaker(options);
		case "ioctl":
			return createIoctlMaker(options);
		case "github-app":
		case "icr-app":
			return createAppMaker(options);
		case "vonage":
			return createVonageMaker(options);
		default:
			return createAccountMaker(options);
	}
}

function systemClock(): number {
	return Date.now() / 1_000;
}
