/**
 * The minter of tokens as IoTeX's `ioctl jwt sign` makes them.
 * @module
 */
import * as z from "zod/mini";
import { signInput } from "../../jws/sign-token.js";
import { isPublicKey } from "../../keys/public-key.js";
import type { Signer } from "../../keys/signer.js";
import { invalidOption } from "../../options/invalid-option.js";
import { objectWith, secondsOrZero } from "../../options/schemas.js";
import {
	ASKED_SHAPE,
	LIFETIME_SHAPE,
	type LifetimeOptions,
	type Maker,
	type Moment,
	requireAlgorithm,
} from "../minter.js";
import { encodeIoctlToken } from "./ioctl-claims.js";

/** Options of `createMinter` for ioctl tokens; a life is 3,600 seconds by default, 86,400 at most. */
export interface IoctlMinterOptions extends LifetimeOptions {
	/** The kind of token. */
	readonly profile: "ioctl";
	/** A secp256k1 key, or a signer that tells its public key; the public key is the issuer. */
	readonly key: Signer;
}

/** Options of one ioctl token. */
export interface IoctlMintOptions {
	/** `sub`: the resource it is for, usually a URL. */
	readonly resource?: string | undefined;
	/** `scope`: what it grants; by IoTeX's convention Create, Read, Update or Delete. */
	readonly operation?: string | undefined;
	/** Its life in whole seconds, instead of the minter's. */
	readonly ttlSeconds?: number | undefined;
	/** `exp` itself, whole seconds since the epoch, instead of a life; 0 for a token without an end. */
	readonly expiresAt?: number | undefined;
}

/** The shape of {@link IoctlMinterOptions}. */
export const IOCTL_SCHEMA: z.ZodMiniObject = z.strictObject({
	profile: z.literal("ioctl"),
	key: objectWith("sign"),
	...LIFETIME_SHAPE,
});

const text = z.optional(z.string("text"));
const WHOLE_SECONDS = "whole seconds since the epoch, or 0";

const askedSchema = z.strictObject(
	{
		ttlSeconds: ASKED_SHAPE.ttlSeconds,
		resource: text,
		operation: text,
		expiresAt: z.optional(secondsOrZero.check(z.refine(Number.isSafeInteger, WHOLE_SECONDS))),
	},
	"an object",
);

const DEFAULT_TTL_SECONDS = 3_600;

/** Makes the maker of ioctl tokens. */
export function createIoctlMaker({ key }: IoctlMinterOptions): Maker {
	requireAlgorithm(key, "ES256K");
	const { publicKey } = key;
	if (!isPublicKey(publicKey))
		throw invalidOption("key", "a key that tells its public key: it is the issuer");
	return {
		askedSchema,
		defaultTtlSeconds: DEFAULT_TTL_SECONDS,
		make({ resource, operation, ttlSeconds: asked, expiresAt }: IoctlMintOptions, moment: Moment) {
			const issuedAt = Math.floor(moment.now);
			if (expiresAt !== undefined && asked !== undefined) {
				throw invalidOption("expiresAt", "absent where ttlSeconds is given");
			}
			const end = expiresAt ?? issuedAt + moment.ttlSeconds;
			if (end - issuedAt > moment.maxLifetimeSeconds) {
				throw invalidOption("expiresAt", `at most maxLifetimeSeconds (${moment.maxLifetimeSeconds}) away`);
			}
			const input = encodeIoctlToken({ publicKey, expiresAt: end, issuedAt, resource, operation });
			return signInput(input, key);
		},
	};
}
