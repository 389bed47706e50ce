/**
 * Every error code with advice.
 * @module
 */

/** Every error code with advice for the user. `docs/errors.md` is generated from this table. */
export const ERROR_CODES = {
	"key/unrecognized":
		"Use a supported key format: PEM (SEC1, PKCS#1, PKCS#8, SPKI), JWK, and for secp256k1 hex, raw bytes or keystore v3.",
	"key/malformed":
		"The format was recognized, but the key is malformed or truncated: paste all of it, or export it again.",
	"key/wrong-algorithm":
		"Use a key for the requested algorithm: for ES256K a secp256k1 key (`openssl ecparam -name secp256k1 -genkey -noout`), for RS256 an RSA key (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`).",
	"key/out-of-range":
		"The private key is zero or not below the curve order, or the public point isn't on the curve: generate a new key.",
	"key/mismatch":
		"The public key stored with the private key belongs to another key, or the components of an RSA key don't match: export the key again.",
	"key/private-expected": "A private key is needed, but this is a public key: use the private key file.",
	"key/public-expected":
		"A public key is needed, but this is a private key: use its public key, and keep the private key secret.",
	"key/password-required": "The key needs a password: provide it.",
	"key/password-wrong": "The password is wrong, or the file was modified: check both.",
	"key/limits": "The key derivation parameters are unsafe: encrypt the key again with common parameters.",
	"key/weak":
		"Generate a new RSA key with at least 2,048 bits and the exponent 65537 (`orgpass keys generate --algorithm RS256`).",
	"key/unreachable":
		"The source of the keys (a JWKS, folder, callback or remote signer) didn't respond or failed: retry, or check its logs.",
	"key/unavailable":
		"Encrypted PEM and folders of keys need Node.js: in another runtime, use a keystore, and pass keys as a map or a JWK Set. A curve backend needs its package: install it.",
	"key/signing-fault":
		"A signature just made doesn't verify: stop using the hardware or signer that made it, or check that the public key belongs to it.",
	"token/malformed": "Send a compact JWS: three base64url parts with strict JSON inside.",
	"token/too-large": "Send a smaller token, or raise `maxTokenBytes` on the verifier.",
	"token/unrecognized": "No profile of this verifier handles this kind of token: configure one that does.",
	"token/algorithm": "Sign with the algorithm the profile expects (`ES256K` for orgid).",
	"token/type": "Set the header's `typ` to `JWT` or leave it out; for `orgid-account`, set it to `orgid-account+jwt`.",
	"token/header": "Remove the header parameter: it changes how the token must be processed, or embeds a key.",
	"token/critical": "Remove `crit`: orgpass supports no critical header parameter.",
	"token/key-id":
		"Set `kid` to exactly the value the message names: `iss` for `orgid` (or leave it out), the account for `orgid-account`; for apps, the thumbprint or JWKS `kid` of one of the app's keys, or leave it out.",
	"token/issuer":
		"Set `iss` to the issuer's DID with the fragment of its key: `did:orgid:<chain id>:0x…#webserver`; for `orgid-account` and `orgid-eth`, without a fragment.",
	"token/issuer-unknown":
		"The verifier has no key for this issuer, or doesn't trust it: add the issuer to the profile's keys or trusted issuers. The message names entries of a JWK Set that were skipped.",
	"token/issuer-ambiguous":
		"Two of the verifier's profiles have keys for this issuer: configure each issuer in only one.",
	"token/dialect":
		"The token is iotex-antenna's JavaScript dialect (`EK256K`), which signs a different digest: mint with `ioctl jwt sign` or `orgpass jwt sign`.",
	"token/claim-missing": "Add the claim named in the message and in `details.claim`.",
	"token/claim-invalid": "Fix the claim named in the message; NumericDate claims are in seconds since the epoch.",
	"token/number":
		"Write the number named in the message as text, or a smaller one: JavaScript would round it, beyond 2^53 - 1 or so close to zero that it becomes zero.",
	"token/milliseconds":
		"Set `exp`, `iat` and `nbf` in seconds, such as `Math.floor(Date.now() / 1000)`; to accept an `exp` in whole milliseconds from Winding Tree's SDK, set `acceptMilliseconds` on the profile `orgidEip712`.",
	"token/expired": "Mint a new token.",
	"token/not-yet-valid": "Wait until `nbf`, or correct the minting machine's clock.",
	"token/issued-in-future": "Correct the minting machine's clock: `iat` is in the future.",
	"token/lifetime": "Mint a token with a shorter lifetime, or raise `maxLifetimeSeconds` on the verifier.",
	"token/audience": "Mint the token for this server: `aud` must contain one of the audiences that the message names.",
	"token/signature":
		"The signature isn't the issuer's: sign with the key or account that the token names. For contract accounts, the verifier needs `providers`.",
	"did/syntax": "Write the DID as `did:orgid:<chain id>:0x<64 lower-case hex>`, with `#fragment` to name a key.",
	"did/chain-missing": "Name the chain in the DID, or configure `defaultChainId`.",
	"did/chain-unknown":
		"The DID is on a chain that this resolver isn't configured for: add the network, or don't accept such organizations.",
	"did/method-unsupported": "Only `did:orgid` DIDs are resolved here.",
	"did/not-found": "The registry has no such organization: check the DID, the network and the registry address.",
	"did/deactivated": "The organization is deactivated: its owner can reactivate it.",
	"did/key-not-found":
		"The organization has no key with that fragment: add it with `org add-key`, or name another key in `iss`.",
	"did/key-revoked": "The key was revoked: mint with a current key.",
	"did/key-expired": "The key has expired: add a new key.",
	"did/key-not-yet-valid": "The key isn't valid yet: wait, or mint with a current key.",
	"did/document-invalid":
		"The DID document doesn't match the requested DID, or lists a key twice: its publisher must fix it.",
	"did/resolution": "The resolver failed for the reason in the message: retry, or check its logs.",
	"did/version-not-found":
		"That version isn't available: the block doesn't exist, or the node has no state that old (use an archive node).",
	"document/uri-refused":
		"This server doesn't fetch the document's URI: publish the document over https, or allow the scheme.",
	"document/address-refused":
		"The document's host has a private or other special-purpose address: publish it on the public internet, or set `allowPrivateAddresses`.",
	"document/unreachable":
		"The document's host can't be reached, or what it sent says nothing about the document (an error, an HTML page, a truncated body), for the reason in the message: retry, fix the host, or publish a backup.",
	"document/status": "The document's host has no document at its URI (status 404 or 410): publish it there.",
	"document/redirects": "The document's URI redirects too often or to a forbidden address: use the final address.",
	"document/too-large": "The document exceeds the size limit: publish a smaller one.",
	"document/content-type": "Serve the document as `application/json` in UTF-8.",
	"document/malformed": "The document isn't valid ORG.JSON: use strict JSON in one of its schemas, 0.x or 1.x.",
	"document/hash-mismatch":
		"The document's keccak256 hash isn't the one on chain: publish the exact bytes, or set the document again.",
	"document/subject":
		"The document belongs to another organization: its `id` and the credential's issuer must be the requested DID.",
	"document/proof-missing":
		"The registry stores no hash, and the document has no proof: sign it as a credential (`orgpass document sign`).",
	"document/proof-invalid": "The credential's proof doesn't verify: sign the document again, and serve it unmodified.",
	"document/proof-unauthorized":
		"The document's signer is neither the owner nor a delegate named both in the document and on chain: sign it as one of them.",
	"document/delegation": "The chain of delegates is circular or too long: shorten it.",
	"document/expired": "The credential has expired: sign the document again.",
	"document/not-yet-valid": "The credential isn't valid yet: wait, or sign it with the right dates.",
	"document/rolled-back": "The host serves an older document than before: publish the newest one.",
	"registry/unsupported":
		"This registry doesn't support that: ORGiD 1.x has no keys on chain or delegates, 3.x no keys on chain, director or active state.",
	"registry/unreachable":
		"The RPC node can't be reached or refused the request, for the reason in the message: check its URL, its API key and its rate limit, then retry.",
	"registry/wrong-chain": "The RPC node is on a different chain than configured: check `rpcUrl` and `chainId`.",
	"registry/no-contract": "There is no contract at that address on that chain: check both.",
	"registry/bad-response": "The RPC node returned an error or an invalid response: use another node.",
	"registry/outdated":
		"The RPC node is behind a block that has already been seen: wait until it has caught up, or use another node.",
	"registry/disagreement":
		"Too few nodes agree, as the message says: one of them lies, lags behind, or is down. Check them, or add another one to `rpcUrl`.",
	"registry/reverted": "The contract reverted the transaction, or the account can't pay for it: see the message.",
	"registry/rejected":
		"The user of the account's wallet rejected the transaction: nothing was sent. Confirm it in the wallet.",
	"registry/unauthorized":
		"The signer isn't allowed to do this: sign as the organization's owner (or its director, if that is allowed).",
	"policy/refused": "One of the server's policies rejects the token: ask the server's operator.",
	"policy/unavailable": "One of the server's policies can't decide at the moment: retry, or check its logs.",
	"policy/rate": "The organization sends too many requests: wait for as long as `Retry-After` says.",
	"policy/excluded": "The server excludes tokens like this one: ask the server's operator.",
	"policy/no-alternative":
		"The token meets none of several alternatives, listed in the message and in `details.reasons`: request one that meets one of them.",
	"policy/issuer": "This route accepts only the issuers it lists: ask the server's operator to add yours.",
	"policy/issuer-denied": "The server denies access to this issuer: ask the server's operator.",
	"policy/organization":
		"The organization's record in the registry doesn't have a required value, named in `details.member`: ask the server's operator.",
	"policy/balance": "The organization doesn't hold enough of the required token: see `details` for the contract.",
	"policy/membership": "The organization isn't a member of the required directory: see `details` for its contract.",
	"policy/document-field":
		"The organization's document doesn't have a required value at `details.pointer`: publish one that does, or ask the server's operator.",
	"policy/document-missing":
		"The organization has no document, and this route requires something of it: publish one. On the server, the resolver must load documents.",
	"policy/document-invalid":
		"The organization's document can't be verified, for the reason in `details.reason`: publish a valid one.",
	"policy/lifetime": "Mint a token with a shorter lifetime: this route limits it.",
	"policy/resource": "The token is for another resource: its `sub` must be exactly this one.",
	"policy/operation": "The token doesn't grant this operation: request one whose `scope` is exactly this operation.",
	"policy/acl":
		"The token's `acl` doesn't allow this request: request one that allows its method, path and parameters.",
	"policy/scope": "The token doesn't have a required scope: request one that does.",
	"replay/seen":
		"The token was presented before, and the server accepts each token once: mint a new one for each request (`reuse: false` of `createAuthFetch`).",
	"replay/unavailable":
		"The store of the tokens presented before is full, failed or didn't respond: retry with a new token. On the server, see the error's `cause`.",
	"client/redirect":
		"The redirect can't be followed for the reason in the message: request the final URL, or pass the body in the second argument of `fetch` and not as a stream. Browsers hide where redirects lead.",
	"config/unknown-option": "The option doesn't exist: check its spelling in the documentation.",
	"config/invalid-option": "Fix the option named in the message and in `details.option`.",
	"config/duplicate-profile": "Configure each kind of profile only once per verifier.",
	"config/invalid-file": "Fix the configuration file named in the message.",
	"config/usage": "See the command's `--help`.",
	"config/missing": "Provide what the message names.",
	"config/chain-running": "Stop the other chain, or start this one in another directory.",
	"config/account-unknown":
		"There is no such account, alias or keystore file: see `ioctl account list` and `ioctl alias list`.",
	"config/file-exists": "Choose another file, or pass `--force` to replace it.",
	"config/file": "Check the path and its permissions.",
	"config/port": "Choose another port, or omit it to use a free one.",
	"config/sqlite-missing": "A store in SQLite needs `node:sqlite`: use Node.js 22.13 or later, or another store.",
	"config/hardhat-missing": "Install the local chain: `npm install --save-dev hardhat@3`.",
} as const;

/** The code of an {@link OrgpassError}: `domain/reason`. */
export type ErrorCode = keyof typeof ERROR_CODES;
