/**
 * A kind of token from outside the package, whose members a test replaces, also by what their types don't allow.
 * @module
 */
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { Profile, ResolvedIssuer } from "../../src/tokens/token-kind.ts";
import { profileOfKind } from "./token-kinds.ts";

/** The members of an interface, of any type. */
type Loose<T> = { readonly [Name in keyof T]?: unknown };

/** A verifier of the kind ioctl with these members. */
export function verifierOfCustom(members: Loose<Profile>, options: Partial<VerifierOptions> = {}): Verifier {
	return createVerifier({ profiles: [{ ...profileOfKind("ioctl"), ...members } as Profile], ...options });
}

/** An issuer whose keys are what a function returns when they are looked up. */
export function issuerWith(resolve: () => Loose<ResolvedIssuer> | Promise<Loose<ResolvedIssuer>>): Loose<Profile> {
	return { parseIssuer: () => ({ issuer: "an issuer", signer: "a signer", resolve }) };
}
