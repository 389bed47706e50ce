/**
 * An option that is undefined is one that isn't given, also for programs compiled with
 * `exactOptionalPropertyTypes`: environment variables are passed on as they are. Except for restrictions
 * (`undefined-restrictions.test.ts`).
 */
import { expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import { createMinter } from "../support/minters.ts";

const REGISTRY = `0x${"11".repeat(20)}`;
const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;
const network = { chainId: 31337, rpcUrl: "http://127.0.0.1:1", provider: undefined, kind: undefined };

it("optional options can be undefined", async () => {
	createRegistry({ ...network, address: REGISTRY }).close();
	const resolver = createOrgIdResolver({
		networks: [{ ...network, registry: REGISTRY }],
		...{ defaultChainId: undefined, documents: undefined, now: undefined },
		cache: { ttlSeconds: undefined, maxEntries: undefined },
	});
	const common = { audience: DID, resolver, defaultChainId: undefined };
	const verifier = createVerifier({
		profiles: [
			orgid(common),
			orgidEth({ ...common, providers: undefined }),
			orgidEip712({ ...common, providers: undefined, acceptMilliseconds: undefined }),
		],
		...{ clockToleranceSeconds: undefined, maxLifetimeSeconds: undefined, maxTokenBytes: undefined },
		...{ observer: undefined, now: undefined },
	});
	const { privateKey: key } = await generateKeyPair();
	const issuer = `${DID}#webserver`;
	const minter = createMinter({
		...{ profile: "orgid", key, issuer, audience: DID, lifetimeSeconds: undefined },
		...{ maxLifetimeSeconds: undefined, scopeFormat: undefined, now: undefined },
	});
	const token = await minter.mint({ audience: undefined, scope: undefined, claims: undefined });
	const { exp, iat } = decodeToken(token).claims as { exp: number; iat: number };
	expect(exp - iat).toBe(3_600);
	await expect(verifier.verify(token, { request: undefined })).rejects.toMatchObject({
		code: "registry/unreachable",
	});
	resolver.close();
});
