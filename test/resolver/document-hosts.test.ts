/** Documents on a host that fails, of organizations in memory. */
import { beforeEach, describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { knownResolutionOf } from "../../src/did/known-resolution.ts";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { hashDocument } from "../../src/document/document-hash.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import { useDocumentServer } from "../support/document-server.ts";
import {
	CHAIN_ID,
	createMemoryOrganizations,
	didOf,
	keyOf,
	type MemoryOrganizations,
	orgIdOf,
} from "../support/memory-organizations.ts";
import { bytesOf, owner } from "../support/org-documents.ts";
import { idle, isWaiting, pass, until } from "../support/patient-timers.ts";
import { useRawServer } from "../support/raw-server.ts";
import { recordOperations } from "../support/recording-observer.ts";

const LOCAL = { allowHttp: true, allowPrivateAddresses: true };
const DID = didOf(1);
const server = useDocumentServer();
const raw = useRawServer();
let clock: number;
let memory: MemoryOrganizations;
let resolver: OrgIdResolver;
beforeEach(() => {
	clock = 1_800_000_000;
	memory = createMemoryOrganizations(() => clock);
	resolver = memory.resolver({ documents: LOCAL });
});

const PUBLISHED = bytesOf({
	id: DID,
	publicKey: [{ id: "#a", type: "secp256k1", controller: DID, publicKeyHex: keyOf("a").publicKeyHex.slice(2) }],
});

function publish(url: string, keys: readonly string[] = [], bytes = PUBLISHED): void {
	const document = { uris: [url], hash: hashDocument(bytes) };
	memory.states.set(orgIdOf(1), { document, keys: keys.map((name) => keyOf(name)) });
}

async function errorOf(fragment?: string): Promise<unknown> {
	const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolver.resolve(DID, {
		...(fragment && { fragment }),
	});
	if (didDocument === null) return `fails: ${didResolutionMetadata["code"]}`;
	return (didDocumentMetadata["documentError"] as { code: string } | undefined)?.code;
}

describe("a host that hangs", () => {
	beforeEach(() => {
		raw.answer = () => undefined;
		raw.requests.length = 0;
		publish(raw.url, ["k"]);
	});

	it("isn't waited for by a key on chain; an account waits two seconds, once until it answers", async () => {
		expect(await errorOf("k")).toBe("document/unreachable");
		expect(isWaiting(2_000)).toBe(false);
		const first = errorOf("owner");
		await until(() => isWaiting(2_000));
		await pass(2_000);
		expect(await first).toBe("document/unreachable");
		expect(await errorOf("owner")).toBe("document/unreachable");
		expect(isWaiting(2_000)).toBe(false);
		const other = errorOf();
		await until(() => raw.requests.length > 0);
		await idle(5);
		await pass(5_000);
		expect(await other).toBe("document/unreachable");
	});

	it("is waited for by a key of the document, which is checked for a revocation meanwhile", async () => {
		const waiting = errorOf("a");
		await until(() => memory.calls.includes("key a") && raw.requests.length > 0);
		await idle(5);
		await pass(5_000);
		expect(await waiting).toBe("fails: document/unreachable");
	});
});

describe("a document", () => {
	it("that was loaded while a key on chain was asked for counts from then on", async () => {
		const url = server.serve("/org.json", PUBLISHED);
		publish(url, ["k"]);
		expect(await errorOf("k")).toBe("document/unreachable");
		await until(() => server.requests("/org.json") === 1);
		await until(async () => (await errorOf("k")) === undefined);
		const { didDocument } = await resolver.resolve(DID, { fragment: "k" });
		expect(didDocument?.authentication).toEqual([`${DID}#k`, `${DID}#a`]);
		expect(server.requests("/org.json")).toBe(1);
	});

	it("is fetched again once the resolver was closed", async () => {
		const url = server.serve("/again.json", PUBLISHED);
		publish(url);
		for (let i = 0; i < 2; i++) expect(await errorOf("a")).toBeUndefined();
		expect(server.requests("/again.json")).toBe(1);
		resolver.close();
		expect(await errorOf("a")).toBeUndefined();
		expect(server.requests("/again.json")).toBe(2);
	});

	it.each([
		[100, [undefined, true, "fails: document/unreachable"]],
		[0, [undefined, "fails: document/unreachable", "fails: document/unreachable"]],
	])(
		"without a hash is used while its host is down, for the TTL and %d seconds",
		async (staleIfErrorSeconds, expected) => {
			const verificationMethod = `${DID}#o`;
			const blockchainAccountId = `eip155:${CHAIN_ID}:${owner.address}`;
			const account = {
				id: verificationMethod,
				controller: DID,
				type: "EcdsaSecp256k1RecoveryMethod2020",
				blockchainAccountId,
			};
			const document = { id: DID, verificationMethod: [account] };
			const credential = await signCredential({ document, verificationMethod, key: owner, now: clock });
			memory = createMemoryOrganizations(() => clock, "proof");
			const url = server.serve("/signed.json", JSON.stringify(credential));
			memory.states.set(orgIdOf(1), { document: { uris: [url] }, owner: owner.address as `0x${string}` });
			const { observer, of } = recordOperations();
			const cache = { ttlSeconds: 60, negativeTtlSeconds: 0, staleIfErrorSeconds };
			resolver = memory.resolver({ documents: LOCAL, cache, observer });
			const seen: unknown[] = [];
			const keyId = toCanonicalDidUrl(parseDidUrl(`${DID}#owner`));
			for (const seconds of [0, 159, 61]) {
				clock += seconds;
				if (seconds > 0) server.serve("/signed.json", "", { status: 500 });
				const { didDocument, didResolutionMetadata } = await resolver.resolve(DID);
				seen.push(didDocument === null ? `fails: ${didResolutionMetadata["code"]}` : didResolutionMetadata["stale"]);
				if (seen.at(-1) !== true) continue;
				expect(knownResolutionOf(resolver)?.derive(keyId, undefined, () => "known")).toBeUndefined();
				expect(of("resolve").at(-1)?.cache).toBe("stale");
			}
			expect(seen).toEqual(expected);
		},
	);

	it("isn't known to verifiers before it is loaded", async () => {
		publish(server.serve("/late.json", PUBLISHED), ["k"]);
		await resolver.resolve(DID, { fragment: "k" });
		const keyId = toCanonicalDidUrl(parseDidUrl(`${DID}#k`));
		const derive = (): unknown => knownResolutionOf(resolver)?.derive(keyId, undefined, () => "known");
		await until(() => derive() !== undefined);
		expect(server.requests("/late.json")).toBe(1);
	});
});
