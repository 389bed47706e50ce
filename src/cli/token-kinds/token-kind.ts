/**
 * Describes a kind of token to the command line: `token mint`, `verify` and `decode` depend only on descriptors.
 * A descriptor loads its kind when it is used.
 * @module
 */
import type { Option } from "commander";
import type { DidUrl } from "../../did/did-url.js";
import type { CompactJws } from "../../jws/decode-token.js";
import type { LifetimeOptions } from "../../tokens/lifetime.js";
import type { Profile } from "../../tokens/token-kind.js";
import type { CommonFlags } from "../command.js";
import type { CliContext } from "../context.js";
import type { DocumentFetchFlags } from "../settings/document-fetching.js";
import type { TimeLimitFlags } from "../time.js";
import type { RegistryConnection } from "./registry-connection.js";

/** The options of `token mint` that every kind reads. */
export interface MintFlags extends CommonFlags {
	readonly key: string;
	readonly password?: string;
	readonly profile?: string;
	readonly issuer?: string;
	readonly ttl?: number;
	readonly maxLifetime?: number;
	readonly serverDate?: string;
	readonly now?: number;
}

/** The options of `token verify` that every kind reads. */
export interface VerifyFlags extends CommonFlags, TimeLimitFlags, DocumentFetchFlags {
	readonly profile?: string[];
	readonly scope?: string;
	readonly resource?: string;
	readonly operation?: string;
	readonly method?: string;
	readonly path?: string;
}

export interface MintRequest<Flags extends object = object> {
	readonly context: CliContext;
	readonly flags: MintFlags & Flags;
	/** The operands, `claim=value`. */
	readonly claims: readonly string[];
	readonly lifetime: LifetimeOptions;
}

export interface ProfileRequest<Flags extends object = object> {
	readonly context: CliContext;
	readonly flags: VerifyFlags & Flags;
	/** Connects to the registry until the command ends. */
	readonly connect: () => Promise<RegistryConnection>;
}

/** A kind of token; the type parameters are its own options of `token mint` and `token verify`. */
export interface TokenKindDescriptor<MintOwn extends object = object, VerifyOwn extends object = object> {
	/** The name of the profile. */
	readonly name: string;
	/** `token verify` accepts this kind without `--profile`. */
	readonly isDefault?: boolean;
	/** Kinds that can't be accepted together with this one. */
	readonly excludes?: readonly string[];
	/** The options of `token mint` that only some kinds read, including this one. */
	readonly mintOptions: readonly Option[];
	/** The options of `token verify` that only some kinds read, including this one. */
	readonly verifyOptions: readonly Option[];
	/** Returns whether `token mint` without `--profile` mints this kind for the issuer. */
	suitsIssuer?(issuer: DidUrl): boolean;
	/** Mints a token. */
	mint(request: MintRequest<MintOwn>): Promise<string>;
	/** Creates the profile that accepts tokens of this kind. */
	createProfile(request: ProfileRequest<VerifyOwn>): Promise<Profile>;
	/** Returns whether a token claims to be of this kind. */
	recognizes(jws: CompactJws): boolean | Promise<boolean>;
	/** Checks what can be verified from the token alone, for `token decode`. */
	inspect?(jws: CompactJws): Promise<TokenInspection | undefined>;
}

/** What `token decode` adds to a token's header and claims. */
export interface TokenInspection {
	readonly data: object;
	readonly text: string;
}
