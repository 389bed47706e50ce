/** T56 end to end: documents of ORGiD 3 that a delegate signed instead of the owner. */
import { beforeEach, describe, expect, it } from "vitest";
import type { TypedDataSigner } from "../../src/document/credential/sign-credential.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { Signer } from "../../src/keys/signer.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import { codeOf, type NewPublished, type PublishedOrganization } from "../support/document-stage.ts";
import { useTwoChains } from "../support/two-chains.ts";

const V3 = "orgid-v3";
/** Three calls for each of four organizations, and a look for a revocation on chain. */
const MAX_CALLS = 16;

const { stage, counter, newResolver } = useTwoChains();
let resolver: OrgIdResolver;
beforeEach(() => {
	resolver = newResolver();
	counter.reset();
});

const create = (options?: NewPublished) => stage.create(V3, options);
const verdict = (organization: PublishedOrganization, from: OrgIdResolver = resolver) =>
	codeOf(stage.verify(organization.mint(), from));

interface Delegation extends Pick<NewPublished, "add" | "methods"> {
	/** Who is named in the document and on chain, where not the signer alone. */
	readonly inDocument?: readonly unknown[];
	readonly onChain?: readonly string[];
	readonly issuer?: string;
}

/** Has an organization's document signed by a delegate. */
async function delegate(
	organization: PublishedOrganization,
	verificationMethod: string,
	key: Signer | TypedDataSigner,
	{ inDocument = [verificationMethod], onChain = [verificationMethod], issuer, ...rest }: Delegation = {},
): Promise<void> {
	if (onChain.length > 0) await stage.registry(V3).addDelegates(organization.orgId, onChain);
	const sign = { verificationMethod, key, ...(issuer === undefined ? {} : { issuer }) };
	await organization.publish({ members: { capabilityDelegation: inDocument }, sign, ...rest });
}

/** The document of the first signed by the second's key, the second's by the third's, and so on. */
async function chainOf(length: number): Promise<PublishedOrganization[]> {
	const organizations: PublishedOrganization[] = [];
	for (let i = 0; i < length; i++) organizations.push(await create());
	for (const [index, organization] of organizations.entries()) {
		const next = organizations[index + 1];
		if (next !== undefined) await delegate(organization, next.issuer, next.key);
	}
	return organizations;
}

describe("a delegate of the same organization", () => {
	it("is a key of the document, named in it and on chain", async () => {
		const organization = await create();
		await delegate(organization, organization.issuer, organization.key);
		expect(await verdict(organization)).toBe("accepted");
		const { didDocumentMetadata } = await resolver.resolve(organization.did);
		expect(didDocumentMetadata).toMatchObject({ credential: { signer: organization.issuer } });
	});

	it("can be embedded in capabilityDelegation", async () => {
		const organization = await create();
		const { privateKey, publicKey } = await generateKeyPair();
		const document = JSON.parse(
			new TextDecoder().decode(await organization.compose({ add: [{ fragment: "inline", publicKey }] })),
		) as { credentialSubject: { verificationMethod: { id: string }[] } };
		const name = `${organization.did}#inline`;
		const inline = document.credentialSubject.verificationMethod.find(({ id }) => id === name);
		await delegate(organization, name, privateKey, { inDocument: [inline] });
		expect(await verdict(organization)).toBe("accepted");
	});

	it.each<[string, (name: string) => Delegation]>([
		["on chain only", () => ({ inDocument: [] })],
		["in the document only", () => ({ onChain: [] })],
		["on chain only in another form", (name) => ({ onChain: [name.replace("31337:", "")] })],
		["on chain only with extra characters", (name) => ({ onChain: [` ${name}`, `${name}0`] })],
	])("is rejected if named %s", async (_where, names) => {
		const organization = await create();
		await delegate(organization, organization.issuer, organization.key, names(organization.issuer));
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
	});

	it("is rejected after deletion on chain, once the record is read again", async () => {
		const organization = await create();
		await delegate(organization, organization.issuer, organization.key);
		expect(await verdict(organization)).toBe("accepted");
		await stage.registry(V3).removeDelegates(organization.orgId, [organization.issuer]);
		expect(await verdict(organization)).toBe("accepted");
		stage.clock.now += 60;
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
	});

	it("is rejected if its document revokes it or doesn't list it as a key", async () => {
		const organization = await create();
		const { privateKey, publicKey } = await generateKeyPair();
		const name = `${organization.did}#gone`;
		await delegate(organization, name, privateKey);
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
		const verificationMethodRevocation = { invalidityDate: "2020-01-01T00:00:00Z" };
		const subject = JSON.parse(
			new TextDecoder().decode(await organization.compose({ add: [{ fragment: "gone", publicKey }] })),
		) as { credentialSubject: { verificationMethod: { id: string }[] } };
		const method = subject.credentialSubject.verificationMethod.find(({ id }) => id === name);
		stage.clock.now += 5;
		await delegate(organization, name, privateKey, {
			methods: [{ ...method, verificationMethodRevocation }],
		});
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
	});
});

describe("a delegate of another organization", () => {
	it("can be a key of that organization's document, whatever the issuer", async () => {
		const [organization, other] = [await create(), await create()];
		for (const issuer of [undefined, organization.did]) {
			await delegate(organization, other.issuer, other.key, issuer === undefined ? {} : { issuer });
			expect(await verdict(organization, newResolver())).toBe("accepted");
		}
		await delegate(organization, other.issuer, other.key, { issuer: (await create()).did });
		expect(await verdict(organization)).toBe("document/subject");
	});

	it("can be an account of that organization's document", async () => {
		const [, account] = stage.network.accounts;
		const [organization, other] = [await create(), await create()];
		const name = `${other.did}#treasurer`;
		await other.publish({ add: [{ fragment: "treasurer", account: `eip155:31337:${account.address}` }] });
		await delegate(organization, name, account);
		expect(await verdict(organization)).toBe("accepted");
		await other.publish({ add: [{ fragment: "treasurer", account: `eip155:1:${account.address}` }] });
		expect(await verdict(organization, newResolver())).toBe("document/proof-unauthorized");
	});

	it("can be on another chain, with its key in a document or on chain", async () => {
		const organization = await create();
		const other = await stage.create("orgpass", { chainId: 100 });
		await delegate(organization, other.issuer, other.key);
		expect(await verdict(organization)).toBe("accepted");
		const { privateKey, publicKey } = await generateKeyPair();
		await stage.registry("orgpass").addKey(other.orgId, { fragment: "chain", publicKey });
		await delegate(organization, `${other.did}#chain`, privateKey);
		expect(await verdict(organization, newResolver())).toBe("accepted");
		other.serve("{}", 503);
		expect(await verdict(organization, newResolver())).toBe("accepted");
		await stage.registry("orgpass").revokeKey(other.orgId, "chain");
		expect(await verdict(organization, newResolver())).toBe("document/proof-unauthorized");
	});

	it("is rejected on an unconfigured chain, without a request", async () => {
		const organization = await create();
		const other = await stage.create("orgpass", { chainId: 5 });
		await delegate(organization, other.issuer, other.key);
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
	});

	it("is rejected if another key signs", async () => {
		const [organization, other] = [await create(), await create()];
		await delegate(organization, other.issuer, organization.key);
		expect(await verdict(organization)).toBe("document/proof-invalid");
	});

	it.each<[string, (other: PublishedOrganization) => Promise<unknown>]>([
		["without the key", (other) => other.publish({ methods: [] })],
		["that doesn't list the key", (other) => other.publish({ members: { authentication: [] } })],
		["that is deactivated", (other) => other.publish({ members: { deactivated: "2024-01-01T00:00:00Z" } })],
		["whose credential has expired", (other) => other.publish({ sign: { expiresAt: stage.clock.now - 31 } })],
		["whose credential isn't valid yet", (other) => other.publish({ sign: { now: stage.clock.now + 31 } })],
		["whose document is a forgery", async (other) => other.serve("{}")],
	])("is rejected %s", async (_what, spoil) => {
		const [organization, other] = [await create(), await create()];
		await delegate(organization, other.issuer, other.key);
		expect(await verdict(organization)).toBe("accepted");
		await spoil(other);
		const fresh = newResolver();
		expect(await verdict(organization, fresh)).toBe("document/proof-unauthorized");
		const { didResolutionMetadata } = await fresh.resolve(organization.did);
		expect(didResolutionMetadata.error).toBe("invalidDidDocument");
	});

	it("is rejected if the organization is unknown or deactivated on chain", async () => {
		const organization = await create();
		const absent = `did:orgid:31337:0x${"0c".repeat(32)}#webserver`;
		await delegate(organization, absent, organization.key);
		expect(await verdict(organization)).toBe("document/proof-unauthorized");
		const other = await stage.create("orgpass", { chainId: 100 });
		await stage.registry("orgpass").setActive(other.orgId, false);
		await delegate(organization, other.issuer, other.key);
		expect(await verdict(organization, newResolver())).toBe("document/proof-unauthorized");
	});

	it("is rejected if its on-chain key isn't currently valid", async () => {
		const organization = await create();
		const other = await stage.create("orgpass", { chainId: 100 });
		const { now } = stage.clock;
		const times = [{ validUntil: now + 3_600 }, { validFrom: now + 60 }, { validFrom: now - 60 }];
		const verdicts: string[] = [];
		for (const [index, validity] of times.entries()) {
			const { privateKey, publicKey } = await generateKeyPair();
			const fragment = `k${index}`;
			await stage.registry("orgpass").addKey(other.orgId, { fragment, publicKey, ...validity });
			await delegate(organization, `${other.did}#${fragment}`, privateKey);
			verdicts.push(await verdict(organization, newResolver()));
			if (index > 0) continue;
			stage.clock.now += 3_630;
			verdicts.push(await verdict(organization, newResolver()));
			stage.clock.now = now;
		}
		const refused = "document/proof-unauthorized";
		expect(verdicts).toEqual(["accepted", refused, refused, "accepted"]);
	});

	it("is an outage while its document is down", async () => {
		const [organization, other] = [await create(), await create()];
		const bytes = await other.compose();
		await delegate(organization, other.issuer, other.key);
		other.serve("{}", 503);
		expect(await verdict(organization)).toBe("document/unreachable");
		other.serve(bytes);
		stage.clock.now += 5;
		expect(await verdict(organization)).toBe("accepted");
	});
});

describe("chains of delegations", () => {
	it.each([1, 2, 3])("are followed %i deep, with a bounded number of calls", async (depth) => {
		const [organization] = await chainOf(depth + 1);
		counter.reset();
		expect(await verdict(organization as PublishedOrganization)).toBe("accepted");
		expect(counter.count("eth_call")).toBe(3 * (depth + 1));
	});

	it("are rejected four deep, whatever was resolved before", async () => {
		const [first, ...rest] = (await chainOf(5)) as [PublishedOrganization, ...PublishedOrganization[]];
		expect(await verdict(first)).toBe("document/delegation");
		expect(counter.count("eth_call")).toBeLessThanOrEqual(MAX_CALLS);
		for (const one of rest.toReversed()) expect(await verdict(one)).toBe("accepted");
		stage.clock.now += 5;
		expect(await verdict(first)).toBe("document/delegation");
		const fresh = newResolver();
		for (const one of rest.toReversed()) await verdict(one, fresh);
		expect(await verdict(first, fresh)).toBe("document/delegation");
	});

	it("are rejected if circular, without a deadlock", async () => {
		const [a, b] = [await create(), await create()];
		await delegate(a, b.issuer, b.key);
		await delegate(b, a.issuer, a.key);
		counter.reset();
		expect(await Promise.all([verdict(a), verdict(b)])).toEqual(["document/delegation", "document/delegation"]);
		expect(await verdict(a)).toBe("document/delegation");
		// The document has no hash, so it may have changed: the key is looked up again.
		expect(counter.count("eth_call")).toBe(9);
		for (const { url } of [a, b]) expect(stage.server.requests(new URL(url).pathname)).toBeLessThanOrEqual(3);
	});

	it("are rejected if they become circular, once the cache has expired", async () => {
		const [a, b] = [await create(), await create()];
		await delegate(a, b.issuer, b.key);
		expect(await verdict(a)).toBe("accepted");
		stage.clock.now += 1;
		await delegate(b, a.issuer, a.key);
		expect(await verdict(b)).toBe("document/delegation");
		stage.clock.now += 60;
		expect([await verdict(b), await verdict(a)]).toEqual(["document/delegation", "document/delegation"]);
	});

	it("can share a delegate concurrently", async () => {
		const other = await create();
		const organizations: PublishedOrganization[] = [];
		for (let i = 0; i < 10; i++) {
			const organization = await create();
			await delegate(organization, other.issuer, other.key);
			organizations.push(organization);
		}
		counter.reset();
		const verdicts = await Promise.all([...organizations, other].map((one) => verdict(one)));
		expect(new Set(verdicts)).toEqual(new Set(["accepted"]));
		expect(counter.count("eth_call")).toBeLessThanOrEqual(3 * 11);
	});
});
