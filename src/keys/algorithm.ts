/**
 * The signature algorithms that keys are made for.
 * @module
 */

/**
 * The signature algorithms a key can be made for, by their JOSE names: RFC 8812 for ES256K, RFC 7518
 * section 3.3 for RS256.
 */
export type KeyAlgorithm = "ES256K" | "RS256";
