/**
 * Compact JWS by hand: look into tokens, sign with an envelope of your own. To verify, use `orgpass/auth`.
 * @module
 */
export {
	type AccountTokenDomain,
	accountTokenData,
	hashAccountToken,
	hashEip712Token,
	hashEthToken,
	readEip712Signature,
	type TypedData,
	type UnsignedJws,
} from "./token/account-signature.js";
export {
	type CompactJws,
	DEFAULT_MAX_TOKEN_BYTES,
	decodeToken,
	type JsonObject,
} from "./token/compact-jws.js";
export { parseScopes } from "./token/scope.js";
export type { AccountSigner } from "./token/sign-account-token.js";
export { signToken } from "./token/sign-token.js";
