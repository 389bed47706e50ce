/** docs/migrating/org-id-auth.md says what Winding Tree's SDK and the profile orgid do with the same tokens. */
import { generateKeyPairSync } from "node:crypto";
import { tokens } from "@windingtree/org.id-auth";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { highSTwin } from "../../support/forge-token.ts";
import { type ChainStage, type Members, startChainStage } from "../../support/token-stage.ts";
import { testVerdicts } from "./verdict-table.ts";

type Key = Parameters<typeof tokens.createAuthJWT>[0];

const HEADER = { alg: "ES256K" };

let stage: ChainStage;
/** The key that org.id-auth is given. */
let publicKey: Key;
beforeAll(async () => {
	stage = await startChainStage();
});
beforeEach(() => {
	publicKey = exportPublicKey(stage.sender.key.publicKey, "jwk") as Key;
});
afterAll(() => stage.close());

const create = (scope: string | string[] | undefined, exp: string | number | undefined = "1h", aud?: string) => {
	const key = exportPrivateKey(stage.sender.key, "jwk") as Key;
	return tokens.createAuthJWT(key, stage.sender.issuer, aud ?? stage.receiver.did, scope, exp);
};

/** A token in the SDK's format, with claims that it wouldn't write. */
const forge = (members: Members, header: object = HEADER): Promise<string> =>
	stage.forge({ header, payload: stage.claims({ scope: '["book"]', ...members }) });

testVerdicts({
	page: "org-id-auth.md",
	tokens: {
		'scopes `["book"]`': () => create(["book"]),
		'scopes `["book","read"]`': () => create(["book", "read"]),
		'scopes `["book","book"]`': () => create(["book", "book"]),
		"scope `book` as a string": () => create("book"),
		"no scope": () => create(undefined),
		"no `exp`": () => create(["book"], 0),
		"no `iat`": () => forge({ iat: undefined }),
		"valid for a year": () => create(["book"], "1y"),
		"`exp` in milliseconds": () => create(["book"], (stage.now() + 600) * 1_000),
		"expired 5 minutes ago": () => forge({ iat: stage.now() - 600, exp: stage.now() - 300 }),
		"issued in an hour": () => forge({ iat: stage.now() + 3_600, exp: stage.now() + 7_200 }),
		"another `aud`": () => create(["book"], "1h", stage.sender.did),
		"`aud` with a fragment": () => create(["book"], "1h", stage.receiver.issuer),
		"S of the signature high": async () => highSTwin(await create(["book"])),
		"two members `exp` in the JSON": () => {
			const claims = JSON.stringify(stage.claims({ scope: '["book"]' }));
			return stage.forge({ header: HEADER, payload: claims.replace("{", '{"exp":1,') });
		},
		"a `typ` of another kind of token": () => forge({}, { ...HEADER, typ: "at+jwt" }),
		"a P-256 key, ES256": () => {
			const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
			publicKey = pair.publicKey.export({ format: "jwk" });
			const key = pair.privateKey.export({ format: "jwk" });
			return tokens.createAuthJWT(key, stage.sender.issuer, stage.receiver.did, ["book"], "1h");
		},
		"a key of another organization": () => {
			publicKey = exportPublicKey(stage.receiver.key.publicKey, "jwk") as Key;
			const key = exportPrivateKey(stage.receiver.key, "jwk") as Key;
			return tokens.createAuthJWT(key, stage.sender.issuer, stage.receiver.did, ["book"], "1h");
		},
		"a revoked key": async () => {
			await stage.sender.revokeKey();
			return create(["book"]);
		},
		"a deactivated organization": async () => {
			await stage.sender.deactivate();
			return create(["book"]);
		},
	},
	theirs: (token) => tokens.verifyAuthJWT(token, publicKey, stage.sender.issuer, stage.receiver.did, ["book"]),
	ours: (token) => stage.verifier.verify(token, { scope: "book" }),
	nameError: (error) => ("code" in error ? String(error.code) : error.name),
});
