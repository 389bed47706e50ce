/** Keys that a record doesn't list: revoked ones are reported as such, however many at once, and nothing is made up. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { OrgId } from "../../src/did/did-url.ts";
import { createBearer } from "../../src/http/bearer.ts";
import type { Denied } from "../../src/http/denial.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { codeOf } from "../support/document-stage.ts";
import { forgeToken } from "../support/forge-token.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";

const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;
const NAMES = Array.from({ length: 10 }, (_, at) => `old-${at}`);

let network: TestNetwork;
let owner: Registry;
let counter: RpcCounter;
let did: string;
let orgId: OrgId;
let key: PrivateKey;
let resolver: OrgIdResolver;
let verifier: Verifier;
let clock = 1_000;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	counter = await startRpcCounter(network.rpcUrl);
	({ did, orgId } = await owner.createOrganization());
	const { privateKey, publicKey } = await generateKeyPair();
	key = privateKey;
	for (const fragment of ["current", ...NAMES]) await owner.addKey(orgId, { fragment, publicKey });
	for (const fragment of NAMES) await owner.revokeKey(orgId, fragment);
});
beforeEach(async () => {
	const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: network.registry.address }];
	resolver = createOrgIdResolver({ networks, cache: { refreshCooldownSeconds: 10 }, now: () => clock });
	verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], now: network.now });
});
afterAll(async () => {
	await counter.close();
	await network.close();
});

async function mint(fragment: string): Promise<string> {
	const now = Math.floor(network.now());
	const payload = { iss: `${did}#${fragment}`, aud: AUDIENCE, iat: now, exp: now + 600 };
	return forgeToken({ header: { alg: "ES256K" }, payload, key });
}

const minted = new Map<string, Promise<string>>();
async function verdict(fragment: string): Promise<string> {
	const token = minted.get(fragment) ?? mint(fragment);
	minted.set(fragment, token);
	return codeOf(verifier.verify(await token));
}
const verdicts = (names: readonly string[]): Promise<string[]> => Promise.all(names.map(verdict));
const calls = (): number => counter.count("eth_call");
const all = (code: string): string[] => NAMES.map(() => code);

describe("keys that were revoked", () => {
	beforeEach(() => counter.reset());

	it("T50: are reported as revoked from the first refusal on, one after the other", async () => {
		for (const fragment of NAMES) expect(await verdict(fragment)).toBe("did/key-revoked");
		const first = calls();
		expect(first).toBeLessThanOrEqual(2 * NAMES.length);
		for (const fragment of NAMES) expect(await verdict(fragment)).toBe("did/key-revoked");
		expect(calls()).toBe(first);
	});

	it("T50: are reported as revoked in a burst at an uncached organization, with two reads of its record", async () => {
		expect(await verdicts(NAMES)).toEqual(all("did/key-revoked"));
		expect(calls()).toBe(2 + NAMES.length);
	});

	it("T50: are reported as revoked in a burst at a cached organization, with one more read of its record", async () => {
		expect(await verdict("current")).toBe("accepted");
		counter.reset();
		expect(await verdicts([...NAMES, ...NAMES])).toEqual([...all("did/key-revoked"), ...all("did/key-revoked")]);
		expect(calls()).toBe(1 + NAMES.length);
	});

	it("T50: are reported as revoked after unknown keys were named", async () => {
		for (const fragment of ["typo", "nonsense", "typo"]) expect(await verdict(fragment)).toBe("did/key-not-found");
		expect(await verdicts(NAMES.slice(0, 8))).toEqual(all("did/key-revoked").slice(0, 8));
	});

	it("T50: are reported as revoked if the organization is invalidated meanwhile", async () => {
		const asking = verdicts(NAMES);
		resolver.invalidate(did);
		expect(await asking).toEqual(all("did/key-revoked"));
	});
});

describe("T84: while lookups of unlisted keys are used up", () => {
	const strangers = Array.from({ length: 200 }, (_, at) => `x${at}`);

	it("T84: no key is said to be missing that wasn't looked up", async () => {
		counter.reset();
		const codes = await verdicts(strangers);
		expect(codes.filter((code) => code === "did/key-not-found")).toHaveLength(10);
		expect(codes.filter((code) => code === "registry/unreachable")).toHaveLength(190);
		expect(calls()).toBeLessThanOrEqual(12);
		expect(await verdict("old-0")).toBe("registry/unreachable");
		expect(await verdict("current")).toBe("accepted");
		clock += 10;
		expect(await verdict("old-0")).toBe("did/key-revoked");
	});

	it("T84: a revoked key stays revoked, without further calls, and a missing one isn't said to be missing", async () => {
		const [missing = ""] = strangers;
		const answers = async () => [await verdict(missing), await verdict("old-0")];
		expect(await answers()).toEqual(["did/key-not-found", "did/key-revoked"]);
		for (const name of strangers.slice(1, 11)) await verdict(name);
		counter.reset();
		expect(await answers()).toEqual(["registry/unreachable", "did/key-revoked"]);
		expect(calls()).toBe(0);
	});

	it("T84: the response is a 503 that says when the next one is looked up", async () => {
		await verdicts(strangers);
		const bearer = createBearer({ verifier });
		const respond = async () => (await bearer(`Bearer ${await mint("old-0")}`)) as Denied;
		for (const [seconds, header] of [
			[0, "10"],
			[2.5, "8"],
			[6.4, "2"],
		] as const) {
			clock += seconds;
			expect(await respond()).toMatchObject({ status: 503, headers: { "retry-after": header } });
		}
		clock += 1.1;
		expect(await respond()).toMatchObject({ status: 401, cause: { code: "did/key-revoked" } });
	});

	it("T84: another organization's keys are looked up", async () => {
		const other = await owner.createOrganization();
		await verdicts(strangers);
		const { didDocument } = await resolver.resolve(other.did, { fragment: "x" });
		expect(didDocument?.id).toBe(other.did);
	});

	it("T28: a clock that is set back doesn't prolong it", async () => {
		await verdicts(strangers);
		clock -= 1_000;
		expect(await verdict("old-0")).toBe("did/key-revoked");
	});
});

it("T84: a key that was just added is accepted although unknown ones were named before", async () => {
	expect(await verdicts(["x", "y", "z"])).toEqual(["did/key-not-found", "did/key-not-found", "did/key-not-found"]);
	await owner.addKey(orgId, { fragment: "fresh", publicKey: key.publicKey });
	expect(await verdict("fresh")).toBe("accepted");
});
