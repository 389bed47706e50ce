/**
 * Every error code with what to do about it, and which of them mean that nothing was learnt.
 * @module
 */

/** Every error code with what a user does about it. `docs/errors.md` is this table. */
export const ERROR_CODES = {
	"key/unrecognized":
		"Give a key in one of the supported containers: PEM (SEC1, PKCS#1, PKCS#8, SPKI), JWK, and for secp256k1 hex, raw bytes or keystore v3.",
	"key/malformed":
		"The container was recognized, its content is broken or only a part of it arrived: paste the key whole, or export it again.",
	"key/wrong-algorithm":
		"Use a key made for the algorithm asked for; ES256K wants a secp256k1 key (`openssl ecparam -name secp256k1 -genkey -noout`), RS256 an RSA key (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`).",
	"key/out-of-range":
		"The private scalar is zero or not below the curve order, or the public point is not on the curve: generate a new key.",
	"key/mismatch":
		"The public half stored beside the private key belongs to another key, or an RSA key's numbers don't fit: export the key again.",
	"key/private-expected": "A public key arrived where a private key is needed: give the private key file.",
	"key/public-expected":
		"A private key arrived where a public key is needed: give its public half, and keep the private key private.",
	"key/password-required": "Give the password: the key is encrypted, or is to be.",
	"key/password-wrong": "The password does not open this key: check it, or the file was altered.",
	"key/limits":
		"The key derivation parameters are outside what is safe to run: re-encrypt the key with usual parameters.",
	"key/weak":
		"Make a new RSA key of at least 2,048 bits with the exponent 65537 (`orgpass keys generate --algorithm RS256`).",
	"key/unreachable":
		"What holds the keys (a JWKS, a folder, a callback, a remote signer) did not answer or failed: retry, or look at its logs.",
	"key/unavailable":
		"This runtime cannot do it (encrypted PEM needs Node.js): decrypt the key first, or use a keystore.",
	"key/signing-fault":
		"The signature that was just made does not verify: the hardware or the signer is faulty, do not use it.",
	"token/malformed": "Send a compact JWS: three base64url parts, strict JSON inside.",
	"token/too-large": "Send a smaller token, or raise `maxTokenBytes` on the verifier.",
	"token/unrecognized": "No profile of this verifier handles this kind of token: configure one that does.",
	"token/algorithm": "Sign with the algorithm the profile expects (`ES256K` for orgid).",
	"token/type":
		"Set the header's `typ` to `JWT` or leave it out; account-signed tokens (`EIP712`) must say `orgid-account+jwt`.",
	"token/header": "Remove the header parameter: it changes how the token must be processed, or embeds a key.",
	"token/critical": "Remove `crit`: orgpass supports no critical header parameter.",
	"token/key-id":
		"Set `kid` to exactly the value the message names: `iss` for `orgid` (or leave it out), the account for `orgid-account`; for apps one of the app's keys, by thumbprint or JWKS `kid`, or leave it out.",
	"token/issuer":
		"Set `iss` to the issuer's DID with the fragment of its key: `did:orgid:<chain id>:0x…#webserver`; without one where an account signs.",
	"token/issuer-unknown":
		"The verifier knows no key of this issuer, or does not trust it: add the issuer to the profile's keys or trusted issuers.",
	"token/issuer-ambiguous":
		"Two profiles of the verifier know this issuer: give each issuer's keys to one of them.",
	"token/dialect":
		"The token is iotex-antenna's JavaScript dialect (`EK256K`), which signs another digest: mint with `ioctl jwt sign` or `orgpass jwt sign`.",
	"token/claim-missing": "Add the claim named in the message, and in `details.claim`.",
	"token/claim-invalid":
		"Mend the claim named in the message: NumericDate claims are seconds since the epoch.",
	"token/milliseconds":
		"Set `exp` in seconds; to take the milliseconds of Winding Tree's SDK, set `acceptMilliseconds` on the verifier's profile.",
	"token/expired": "Mint a new token.",
	"token/not-yet-valid": "Wait until `nbf`, or set the minting machine's clock.",
	"token/issued-in-future": "Set the minting machine's clock: `iat` lies in the future.",
	"token/lifetime": "Mint a token with a shorter life, or raise `maxLifetimeSeconds` on the verifier.",
	"token/audience": "Mint the token for this server: `aud` must contain its audience exactly.",
	"token/signature":
		"The signature is not the issuer's: sign with the key or account that the token names; for accounts that are contracts the verifier needs `providers`.",
	"did/syntax":
		"Write the DID as `did:orgid:<chain id>:0x<64 lower-case hex>`, with `#fragment` where a key is meant.",
	"did/chain-missing": "Name the chain in the DID, or configure `defaultChainId`.",
	"did/chain-unknown":
		"The DID is on a chain this resolver is not configured for: add the network, or refuse such organizations.",
	"did/method-unsupported": "Only `did:orgid` DIDs are resolved here.",
	"did/not-found":
		"The registry has no such organization: check the DID, the network and the registry address.",
	"did/deactivated": "The organization is deactivated: its owner can activate it again.",
	"did/key-not-found":
		"The organization has no key of that fragment: add it with `org add-key`, or name another in `iss`.",
	"did/key-revoked": "The key was revoked: mint with a current key.",
	"did/key-expired": "The key's validity is over: add a new key.",
	"did/key-not-yet-valid": "The key's validity has not begun: wait, or mint with a current key.",
	"did/document-invalid":
		"The DID document does not fit the DID asked for, or names one key twice: its publisher must mend it.",
	"did/resolution":
		"The resolver failed for a reason of its own, named in the message: retry, or look at its logs.",
	"did/version-not-found":
		"The registry can't be asked about that version: the block doesn't exist, or the node keeps no state that old (use an archive node).",
	"document/uri-refused":
		"The organization's document has an address this server doesn't fetch: publish it by https, or allow the scheme.",
	"document/address-refused":
		"The document's host is a private or otherwise special address: publish it on the open internet, or set `allowPrivateAddresses`.",
	"document/unreachable": "The document's host did not answer in time: retry, or publish a backup.",
	"document/status": "The document's host answered with another status than 200: publish the document there.",
	"document/redirects":
		"The document's address redirects too often or to a place that is refused: point to it directly.",
	"document/too-large": "The document is larger than the limit: publish a smaller one.",
	"document/content-type": "Serve the document as `application/json` in UTF-8, without content coding.",
	"document/malformed": "The document is no ORG.JSON: strict JSON of one of its schemas, 0.x or 1.x.",
	"document/hash-mismatch":
		"The document's keccak256 is not the hash on chain: publish the exact bytes, or set the document anew.",
	"document/subject":
		"The document is another organization's: its `id`, and the credential's issuer, must be the DID asked for.",
	"document/proof-missing":
		"The registry keeps no hash, and the document carries no proof: sign it as a credential (`orgpass document sign`).",
	"document/proof-invalid":
		"The credential's proof does not verify: sign the document again, and serve it unchanged.",
	"document/proof-unauthorized":
		"Whoever signed the document is neither the owner nor a delegate named in the document and on chain.",
	"document/delegation": "The chain of delegates is a circle or too long: name a delegate closer by.",
	"document/expired": "The credential's validity is over: sign the document again.",
	"document/not-yet-valid": "The credential's validity has not begun: wait, or sign it with the right dates.",
	"document/rolled-back": "The host serves an older document than it did before: publish the newest one.",
	"registry/unsupported":
		"This kind of registry can't do that: ORGiD 1.x keeps no keys and no delegates, 3.x no director and no state.",
	"registry/unreachable": "The RPC node did not answer in time: check the URL and the network, then retry.",
	"registry/wrong-chain": "The RPC node serves another chain than configured: check `rpcUrl` and `chainId`.",
	"registry/no-contract": "There is no registry contract at that address on that chain: check the address.",
	"registry/bad-response":
		"The RPC node answered with something that is not an answer to the question: use another node.",
	"registry/reverted":
		"The contract refused the transaction, or the account can't pay for it: the message says which.",
	"registry/unauthorized":
		"The signer may not do this: sign with the organization's owner (or accepted director, where allowed).",
	"policy/refused": "A policy of this server refuses the token: ask its operator.",
	"policy/resource": "The token is for another resource: its `sub` must be this one exactly.",
	"policy/operation":
		"The token does not grant this operation: ask for one whose `scope` is exactly this operation.",
	"policy/acl": "The token's `acl` does not allow this method and path: ask for one that does.",
	"policy/scope": "The token lacks a scope this call requires: ask for one that carries it.",
	"config/unknown-option": "The option does not exist: check its spelling against the documentation.",
	"config/invalid-option": "Mend the option named in the message, and in `details.option`.",
	"config/duplicate-profile": "Give each kind of profile once per verifier.",
	"config/invalid-file": "Mend the configuration file named in the message.",
	"config/usage": "See the command's `--help`.",
	"config/missing": "Give the setting named in the message.",
	"config/chain-running": "Stop the other chain, or start this one in another directory.",
	"config/account-unknown":
		"There is no such account, alias or keystore file: see `ioctl account list` and `ioctl alias list`.",
	"config/file-exists": "Choose another file, or pass `--force` to replace it.",
	"config/file": "Check the path and its permissions.",
	"config/port": "Choose another port, or none to get a free one.",
	"config/hardhat-missing": "Install the local chain: `npm install --save-dev hardhat`.",
} as const;

/** The code of an {@link OrgpassError}: `domain/reason`. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Nothing was learnt about the question: nobody's fault who asks, and worth another try. */
export const OUTAGE_CODES: ReadonlySet<string> = new Set<ErrorCode>([
	"registry/unreachable",
	"registry/wrong-chain",
	"registry/no-contract",
	"registry/bad-response",
	"did/resolution",
	"document/unreachable",
	"key/unreachable",
]);
