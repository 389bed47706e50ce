/** docs/migrating/own-checks.md says what checks like Glider's, which it shows, and orgpass do with the same tokens. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Wallet } from "ethers";
import { expect, it } from "vitest";
import { root } from "../../../scripts/sources.ts";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import type { PrivateKey } from "../../../src/keys/private-key.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { orgidEth } from "../../../src/tokens/orgid-account/orgid-eth.ts";
import { addOrganization, createStageResolver, KEYS, OWNER, pemMethod } from "../../support/did-jwt-stage.ts";
import { forgeToken, toSegment } from "../../support/forge-token.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { testVerdicts } from "./verdict-table.ts";

type Response = { status(code: number): { json(body: unknown): void } };
type Authenticate = (request: object, response: Response, next: () => void) => Promise<void>;
interface Page {
	createAuthenticate(options: { resolver: object; audience: string }): Authenticate;
}

const CHAIN_ID = 31_337;
const AUDIENCE = `did:orgid:0x${"0f".repeat(32)}`;
const OTHER = `did:orgid:0x${"0e".repeat(32)}`;
const HOUR = 3_600;
const YEAR = 365 * 24 * HOUR;
/** The tutorials' tokens are checked with the system's clock. */
const NOW = nowSeconds();
const [KEY] = KEYS as readonly [PrivateKey];

/** What org.id-resolver answers about an organization. */
const known = new Map<string, { organization: { isActive: boolean; owner: string }; didDocument: object }>();

const { createAuthenticate } = await importPage();
const authenticate = createAuthenticate({ resolver: { resolve: (did: string) => known.get(did) }, audience: AUDIENCE });
const options = { audience: AUDIENCE, resolver: createStageResolver(() => NOW), defaultChainId: CHAIN_ID };
const verifier = createVerifier({ profiles: [orgid(options), orgidEth(options)], now: () => NOW });

/** The code of the page, with jose 2 under the name that it has here. */
async function importPage(): Promise<Page> {
	const page = readFileSync(join(root, "docs/migrating/own-checks.md"), "utf8");
	const [, code = ""] = /^```js\n([\s\S]*?)^```$/m.exec(page) ?? [];
	const folder = join(root, "test/generated/docs/migrating");
	mkdirSync(folder, { recursive: true });
	const file = join(folder, "own-checks.mjs");
	writeFileSync(file, code.replace('from "jose"', 'from "jose2"'));
	return import(file);
}

/** An organization of ORGiD 1.x, known to both sides; returns its DID without a chain. */
async function createOrganization({ active = true, id = (did: string) => `${did}#webserver` } = {}): Promise<string> {
	const publicKeyPem = exportPublicKey(KEY.publicKey, "spki");
	const document = (did: string) => ({ publicKey: [pemMethod(did, "", KEY, { id: id(did), publicKeyPem })] });
	const did = await addOrganization({ kind: "orgid-v1", active, document });
	const short = did.replace(`${CHAIN_ID}:`, "");
	known.set(short, { organization: { isActive: true, owner: OWNER.address }, didDocument: document(short) });
	return short;
}

/** A token in the form of Winding Tree's tutorials, signed by the organization's key. */
function signWithKey(iss: string, members: object = {}): Promise<string> {
	const payload = { aud: AUDIENCE, iss, iat: NOW, exp: NOW + HOUR, ...members };
	return forgeToken({ header: { typ: "JWT", alg: "ES256K" }, payload, key: KEY });
}

/** A token in the form of Simard's and Glider's clients, signed by an account. */
async function signWithAccount(members: object = {}, account = OWNER): Promise<string> {
	const payload = { iss: await createOrganization(), aud: AUDIENCE, exp: NOW + HOUR, ...members };
	const input = `${toSegment({ alg: "ETH", typ: "JWT" })}.${toSegment(payload)}`;
	return `${input}.${toSegment(Buffer.from((await account.signMessage(input)).slice(2), "hex"))}`;
}

async function signGood(members: object = {}): Promise<string> {
	return signWithKey(`${await createOrganization()}#webserver`, members);
}

/** Passes a request with the token through the page's middleware. */
function sendRequest(token: string, middleware = authenticate): Promise<void> {
	return new Promise((resolve, reject) => {
		const response: Response = { status: (code) => ({ json: () => reject(new Error(String(code))) }) };
		void middleware({ headers: { authorization: `Bearer ${token}` } }, response, resolve);
	});
}

testVerdicts({
	page: "own-checks.md",
	tokens: {
		"as the tutorials made it, valid for an hour": () => signGood(),
		"valid for a year": () => signGood({ exp: NOW + YEAR }),
		"no `exp`": () => signGood({ exp: undefined }),
		"expired an hour ago": () => signGood({ iat: NOW - 2 * HOUR, exp: NOW - HOUR }),
		"no `aud`": () => signGood({ aud: undefined }),
		"another `aud`": () => signGood({ aud: OTHER }),
		"text around the DID in `iss`": async () => signWithKey(`not ${await createOrganization()}#webserver`),
		"`#key-1`, signed by `#key`": async () =>
			signWithKey(`${await createOrganization({ id: (did) => `${did}#key` })}#key-1`),
		"signed by a key under another DID": async () =>
			signWithKey(`${await createOrganization({ id: () => `${OTHER}#webserver` })}#webserver`),
		"signed by the owner's account": () => signWithAccount(),
		"signed by the owner's account, no `exp`": () => signWithAccount({ exp: undefined }),
		"signed by the owner's account, expired a year ago": () => signWithAccount({ exp: NOW - YEAR }),
		"signed by the owner's account, another `aud`": () => signWithAccount({ aud: OTHER }),
		"signed by an unknown account": () => signWithAccount({}, new Wallet(`0x${"31".repeat(32)}`)),
		"of an organization deactivated after its first request": async () => {
			const did = await createOrganization({ active: false });
			const token = await signWithKey(`${did}#webserver`);
			await sendRequest(token);
			known.set(did, { organization: { isActive: false, owner: OWNER.address }, didDocument: {} });
			return token;
		},
	},
	theirs: (token) => sendRequest(token),
	ours: (token) => verifier.verify(token),
	nameError: ({ message }) => message,
});

it("an outage of the node is a 403, too", async () => {
	const resolver = { resolve: () => Promise.reject(new Error("connect ECONNREFUSED")) };
	const token = await signGood();
	await expect(sendRequest(token, createAuthenticate({ resolver, audience: AUDIENCE }))).rejects.toThrow("403");
});
