/**
 * Mints tokens like those of IoTeX's `ioctl jwt sign`.
 * @module
 */
import * as v from "valibot";
import { signInput } from "../../jws/sign-token.js";
import { isPublicKey } from "../../keys/public-key.js";
import { assertAlgorithm, type Signer, signerOption } from "../../keys/signer.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema } from "../../options/schemas.js";
import { positiveInteger, secondsOrZero } from "../../options/value-schemas.js";
import { createBuiltInMinter } from "../create-token-minter.js";
import { LIFETIME_SHAPE, type LifetimeOptions } from "../lifetime.js";
import type { Minter, TokenOptions } from "../token-kind.js";
import { encodeIoctlToken } from "./ioctl-claims.js";

/** Options of {@link createIoctlMinter}. The lifetime is 3,600 seconds by default, 86,400 at most. */
export interface IoctlMinterOptions extends LifetimeOptions {
	/** A secp256k1 key, or a signer with its public key: the public key is the issuer. */
	readonly key: Signer;
}

/** Options of one ioctl token. */
export interface IoctlTokenOptions extends TokenOptions {
	/** `sub`: the resource it is for, usually a URL. */
	readonly resource?: string | undefined;
	/** `scope`: what it grants; by IoTeX's convention Create, Read, Update or Delete. */
	readonly operation?: string | undefined;
	/** `exp` in whole seconds since the epoch, instead of a lifetime; 0 for a token that doesn't expire. */
	readonly expiresAt?: number | undefined;
}

const minterSchema = optionsSchema<IoctlMinterOptions>({ key: signerOption("ES256K"), ...LIFETIME_SHAPE });

const text = v.optional(v.string("a string"));
const WHOLE_SECONDS = "whole seconds since the epoch, or 0";

const tokenOptionsSchema = optionsSchema<IoctlTokenOptions>({
	lifetimeSeconds: v.optional(positiveInteger),
	resource: text,
	operation: text,
	expiresAt: v.optional(v.pipe(secondsOrZero, v.check<number, string>(Number.isSafeInteger, WHOLE_SECONDS))),
});

const DEFAULT_LIFETIME_SECONDS = 3_600;

/**
 * Creates a minter of ioctl tokens: header `{"alg":"ES256","typ":"JWT"}`, although the curve is secp256k1, and claims
 * in the order and escaping of Go.
 *
 * @example
 * ```ts
 * import { createIoctlMinter, generateKeyPair } from "orgpass";
 * import { decodeToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const minter = createIoctlMinter({ key: privateKey });
 * const token = await minter.mint({ resource: "https://hotel.example/rooms", operation: "Read" });
 * decodeToken(token).claims["scope"]; // => "Read"
 * ```
 * @param options the key, and the lifetime in seconds
 * @returns the minter; its methods throw `config/invalid-option` and `key/signing-fault`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option` for a signer without a public key
 * @throws {KeyError} `key/wrong-algorithm`
 */
export function createIoctlMinter(options: IoctlMinterOptions): Minter<IoctlTokenOptions> {
	assertOptions(minterSchema, options, "createIoctlMinter");
	const { key, ...lifetimeOptions } = options;
	assertAlgorithm(key, "ES256K");
	const { publicKey } = key;
	if (!isPublicKey(publicKey)) throw invalidOption("key", "a key with its public key, which is the issuer");
	return createBuiltInMinter<IoctlTokenOptions>(
		{
			defaultLifetimeSeconds: DEFAULT_LIFETIME_SECONDS,
			assertOptions(options) {
				assertOptions(tokenOptionsSchema, options, "mint");
				if (options.expiresAt === undefined || options.lifetimeSeconds === undefined) return;
				throw invalidOption("expiresAt", "absent if lifetimeSeconds is given");
			},
			async mint({ resource, operation, expiresAt }, { now, lifetimeSeconds, maxLifetimeSeconds }) {
				const issuedAt = Math.floor(now);
				const end = expiresAt ?? issuedAt + lifetimeSeconds;
				if (end - issuedAt > maxLifetimeSeconds) {
					throw invalidOption("expiresAt", `at most maxLifetimeSeconds (${maxLifetimeSeconds}) away`);
				}
				return signInput(encodeIoctlToken({ publicKey, expiresAt: end, issuedAt, resource, operation }), key);
			},
		},
		lifetimeOptions,
	);
}
