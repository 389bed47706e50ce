/**
 * Signature algorithms.
 * @module
 */

/**
 * The signature algorithms of keys, by their JOSE names: ES256K (RFC 8812) and RS256 (RFC 7518 section 3.3).
 */
export type KeyAlgorithm = "ES256K" | "RS256";
