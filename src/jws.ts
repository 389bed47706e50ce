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
} from "./tokens/orgid-account/account-signature.js";
export {
	type CompactJws,
	DEFAULT_MAX_TOKEN_BYTES,
	decodeToken,
	type JsonObject,
} from "./jws/decode-token.js";
export { parseScopes } from "./jws/scope.js";
export type { AccountSigner } from "./tokens/orgid-account/sign-account-token.js";
export { signToken } from "./jws/sign-token.js";
