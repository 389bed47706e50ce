/** docs/migrating/did-jwt.md says what did-jwt and the profile orgid do with the same tokens. */
import { createJWT, ES256KSigner, hexToBytes, verifyJWT } from "did-jwt";
import { Resolver } from "did-resolver";
import { afterAll, beforeAll } from "vitest";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { highSTwin } from "../../support/forge-token.ts";
import { type ChainStage, type Members, startChainStage } from "../../support/token-stage.ts";
import { testVerdicts } from "./verdict-table.ts";

let stage: ChainStage;
/** The time for both, which stands still. */
let now: number;
beforeAll(async () => {
	stage = await startChainStage();
	now = stage.now();
});
afterAll(() => stage.close());

const claims = (members: Members = {}): Members => stage.claims({ iat: now, exp: now + 3_600, ...members });

/** A token of the sender with these claims, in did-jwt's usual header or another one. */
const forge = (members: Members, header: object = { alg: "ES256K", typ: "JWT" }): Promise<string> =>
	stage.forge({ header, payload: claims(members) });

/** A token that did-jwt itself signs with a private key. */
function create(secretKey: string, alg: "ES256K" | "ES256K-R", issuer: string): Promise<string> {
	const signer = ES256KSigner(hexToBytes(secretKey), alg === "ES256K-R");
	return createJWT(claims({ iss: issuer }), { issuer, signer }, { alg });
}

const hexOf = (party: "sender" | "receiver"): string => exportPrivateKey(stage[party].key, "hex");

testVerdicts({
	page: "did-jwt.md",
	tokens: {
		"`iss` with the key's fragment": () => create(hexOf("sender"), "ES256K", stage.sender.issuer),
		"`iss` without a fragment": () => create(hexOf("sender"), "ES256K", stage.sender.did),
		"signed by the owner's account": () => create(stage.sender.owner.privateKey, "ES256K", stage.sender.did),
		"algorithm ES256K-R": () => create(hexOf("sender"), "ES256K-R", stage.sender.issuer),
		"`alg` none": () => forge({}, { alg: "none", typ: "JWT" }),
		"S of the signature high": async () => highSTwin(await forge({})),
		"no `exp`": () => forge({ exp: undefined }),
		"no `aud`": () => forge({ aud: undefined }),
		"another `aud`": () => forge({ aud: stage.sender.did }),
		"no `iat`": () => forge({ iat: undefined }),
		"expired 4 minutes ago": () => forge({ iat: now - 600, exp: now - 240 }),
		"issued 4 minutes from now": () => forge({ iat: now + 240 }),
		"issued in an hour, `nbf` in the past": () => forge({ iat: now + 3_600, nbf: now - 60, exp: now + 7_200 }),
		"valid for a year": () => forge({ exp: now + 31_536_000 }),
		"two members `iss` in the JSON": () => {
			const text = JSON.stringify(claims());
			return stage.forge({ payload: text.replace("{", `{"iss":"${stage.receiver.issuer}",`) });
		},
		"`kid` of another organization": () => forge({}, stage.header({ kid: stage.receiver.issuer })),
		"a `typ` of another kind of token": () => forge({}, stage.header({ typ: "at+jwt" })),
		"`crit` in the header": () => forge({}, stage.header({ crit: ["x"], x: 1 })),
		"signed by another organization": () => create(hexOf("receiver"), "ES256K", stage.sender.issuer),
		"a key that isn't registered": () => create(hexOf("sender"), "ES256K", `${stage.sender.did}#other`),
		"an organization that doesn't exist": () =>
			create(hexOf("sender"), "ES256K", `did:orgid:31337:0x${"00".repeat(32)}#webserver`),
		"a revoked key": async () => {
			const token = await forge({});
			await stage.sender.revokeKey();
			return token;
		},
	},
	theirs: (token) => {
		const resolver = new Resolver({ ...stage.network.resolver.plugin });
		return verifyJWT(token, { resolver, audience: stage.receiver.did, policies: { now } });
	},
	ours: (token) => stage.verifierWith({ now: () => now }).verify(token),
	nameError: ({ message }) => message.split(":")[0] ?? "",
});
