/** An option without which more tokens are accepted: a misspelled setting that is undefined must not remove it. */
import { expect, it } from "vitest";
import { requireOrganization } from "../../src/auth/policies/organization.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { keysFromJwks } from "../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { clientSdkAcl } from "../../src/tokens/vonage/acl-presets.ts";
import { refusalOf } from "../support/refusal.ts";
import { createOfflineStage } from "../support/token-stage.ts";

const { sender, receiver, resolver, verifier, verifierWith } = await createOfflineStage();
const token = await sender.minter().mint({ audience: receiver.did });
const bearer = createBearer({ verifier: verifierWith() });
const node = { chainId: 5, rpcUrl: "http://127.0.0.1:1" };
const address = `0x${"11".repeat(20)}`;
const resolverWith = (options: object): void =>
	createOrgIdResolver({ networks: [{ ...node, registry: address, ...options }] }).close();
const organizationWith = (options: object): unknown => requireOrganization({ kind: "orgpass", ...options });

it.each<[string, string, (options: object) => unknown]>([
	["requires", "scope", bearer.requires],
	["requires", "resource", bearer.requires],
	["requires", "operation", bearer.requires],
	["requires", "issuers", bearer.requires],
	["requires", "policy", bearer.requires],
	["requires", "replay", bearer.requires],
	["requireOrganization", "owner", organizationWith],
	["requireOrganization", "director", organizationWith],
	["requireOrganization", "registry", organizationWith],
	["requireOrganization", "documentEvidence", organizationWith],
	["createVerifier", "policies", verifierWith],
	["createVerifier", "replay", verifierWith],
	["orgid", "chainIds", (options) => orgid({ audience: receiver.did, resolver, ...options })],
	["ioctl", "resource", (options) => ioctl({ trustedIssuers: () => false, ...options })],
	["ioctl", "operation", (options) => ioctl({ trustedIssuers: () => false, ...options })],
	["keysFromJwks", "issuer", (options) => keysFromJwks("https://apps.example", options)],
	["clientSdkAcl", "resources", (options) => clientSdkAcl(options)],
	["createRegistry", "agreement", (options) => createRegistry({ ...node, address, ...options }).close()],
	["createOrgIdResolver", "networks.0.agreement", (options) => resolverWith(options)],
	["createOrgIdResolver", "networks.0.blockTag", (options) => resolverWith(options)],
	["createBearer", "claims", (options) => createBearer({ verifier, ...options })],
	["verify", "scope", (options) => verifier.verify(token, options)],
	["verify", "resource", (options) => verifier.verify(token, options)],
	["verify", "operation", (options) => verifier.verify(token, options)],
])("%s refuses %s if it is undefined", async (subject, option, create) => {
	await create({});
	const { code, message, details } = await refusalOf(() => create({ [option.split(".").at(-1) as string]: undefined }));
	expect({ code, details }).toEqual({ code: "config/invalid-option", details: { option } });
	expect(message).toBe(`${subject}: "${option}" must be left out if nothing is required, got undefined`);
});

it.each<[string, object]>([
	["a promise that wasn't awaited", Promise.resolve({ scope: "book" })],
	["a Map", new Map([["scope", "book"]])],
	["a Set", new Set(["book"])],
	["a Date", new Date(0)],
	["an array", ["book"]],
])("what is required isn't left out if it is given as %s", async (_what, options) => {
	const granted = await bearer(`Bearer ${token}`);
	for (const require of [
		() => verifier.verify(token, options),
		() => verifier.explain(token, options),
		() => bearer.requires(options)(granted),
	]) {
		expect(await refusalOf(require)).toMatchObject({ code: "config/invalid-option", details: { option: "options" } });
	}
});

it("what is required may come from a module, a class, or an object without a prototype", async () => {
	const scoped = class {
		get scope(): string {
			return "book";
		}
	};
	const bare: object = Object.assign(Object.create(null), { scope: "book" });
	const source = "data:text/javascript,export const scope = 'book';";
	const module: object = await import(source);
	for (const options of [new scoped(), bare, module]) {
		expect(await refusalOf(() => verifier.verify(token, options))).toMatchObject({ code: "policy/scope" });
	}
});
