/**
 * The names of the generations that orgpass knows.
 * @module
 */

/** Every generation: our own, ORGiD 1.0 to 1.1.5, ORGiD 3.x. */
export const REGISTRY_KINDS = ["orgpass", "orgid-v1", "orgid-v3"] as const;

/** A generation of registry contracts by name: our own, ORGiD 1.0 to 1.1.5, ORGiD 3.x. */
export type RegistryKind = (typeof REGISTRY_KINDS)[number];
