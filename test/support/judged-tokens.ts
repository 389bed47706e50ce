/**
 * Tokens of all kinds, good and bad, minted by the command line, and the steps that refuse them: every way to explain a
 * token has to come to the same verdict at the same step.
 * @module
 */
import type { StepName } from "../../src/auth/explain/explanation.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import { orgidEip712 } from "../../src/tokens/orgid-account/orgid-eip712.ts";
import { orgidEth } from "../../src/tokens/orgid-account/orgid-eth.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import type { CliStage } from "./cli-chain.ts";
import { toSegment } from "./forge-token.ts";

/** A token, and what is expected of it. */
export interface JudgedToken {
	readonly name: string;
	readonly text: string;
	/** Accepts its kind only. */
	readonly profile: Profile;
	/** The time, in seconds since the epoch, if it isn't now. */
	readonly now?: number;
	/** The scope that is required. */
	readonly scope?: string;
	/** The same for `token explain` and `token verify`. */
	readonly options: readonly string[];
	/** The step that refuses it; undefined if it is good. */
	readonly step: StepName | undefined;
}

/** How a kind is minted and verified. */
interface Kind {
	readonly mint: readonly string[];
	readonly verify: readonly string[];
	readonly profile: Profile;
	/** The name of the issuer, and one of nobody. */
	readonly names: readonly [issuer: string, nobody: string];
	/** The step that refuses the tokens of nobody; `record` unless given. */
	readonly nobody?: StepName;
	/** The step that refuses all tokens before their signatures are looked at. */
	readonly refused?: StepName;
}

const APP_ID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const AUDIENCE = `did:orgid:31337:0x${"0f".repeat(32)}`;
const LATE = 2_200_000_000;
const EARLY = 1_000_000_000;

/** Mints the tokens in a stage; the files of its keys are in the stage's folder. */
export async function mintJudgedTokens(stage: CliStage): Promise<readonly JudgedToken[]> {
	const kinds = await prepareKinds(stage);
	const tokens: JudgedToken[] = [];
	for (const kind of kinds) tokens.push(...(await tokensOf(kind, stage)));
	return tokens;
}

async function prepareKinds(stage: CliStage): Promise<readonly Kind[]> {
	const did = await stage.organization("k.pem");
	const owner = stage.chain.accounts[0] as CliStage["chain"]["accounts"][number];
	stage.write("owner.hex", owner.privateKey);
	const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
	stage.write("app.pem", exportPrivateKey(privateKey, "pkcs8"));
	stage.write("app.pub", exportPublicKey(publicKey, "spki"));
	const { publicKeyHex } = (await stage.ok("keys", "inspect", "k.pem")) as { publicKeyHex: string };
	const names = [did, `${did.slice(0, -4)}0000`] as const;
	const networks = [{ chainId: stage.chain.chainId, rpcUrl: stage.chain.rpcUrl, registry: stage.chain.registry }];
	const resolver = createOrgIdResolver({ networks });
	const organization = { audience: AUDIENCE, resolver };
	const apps = { keys: { [APP_ID]: publicKey } };
	const account = (profile: Profile, issuer: string): Kind => ({
		profile,
		names,
		mint: ["--key", "owner.hex", "--issuer", issuer, "--audience", AUDIENCE],
		verify: ["--audience", AUDIENCE],
	});
	const app = (profile: Profile): Kind => ({
		profile,
		names: [APP_ID, APP_ID.replaceAll("a", "c")],
		nobody: "key",
		mint: ["--key", "app.pem", "--issuer", APP_ID],
		verify: ["--app-key", `${APP_ID}=app.pub`],
	});
	return [
		{
			...account(orgid(organization), did),
			mint: ["--key", "k.pem", "--issuer", `${did}#webserver`, "--audience", AUDIENCE],
		},
		account(orgidAccount(organization), `${did}#owner`),
		account(orgidEth(organization), did),
		// It needs a document that lists the account.
		{ ...account(orgidEip712(organization), `${did}#owner`), refused: "key" },
		{
			profile: ioctl({ trustedIssuers: [publicKeyHex] }),
			names: ["Read", "Nothing"],
			nobody: "signature",
			mint: ["--key", "k.pem", "--resource", "rooms", "--operation", "Read"],
			verify: ["--trusted-issuer", publicKeyHex],
		},
		app(githubApp(apps)),
		app(icrApp(apps)),
		app(vonage(apps)),
	];
}

async function tokensOf(kind: Kind, stage: CliStage): Promise<readonly JudgedToken[]> {
	const { profile, verify, refused, names, nobody = "record" } = kind;
	const { name } = profile;
	const { token } = (await stage.ok("token", "mint", "--profile", name, ...kind.mint)) as { token: string };
	const [header = "", payload = "", signature = ""] = token.split(".");
	const judged = (
		what: string,
		parts: readonly string[],
		step: StepName | undefined,
		{ now, scope }: Pick<JudgedToken, "now" | "scope"> = {},
	): JudgedToken => ({
		name: `${name}: ${what}`,
		text: parts.join("."),
		profile,
		step,
		...(now !== undefined && { now }),
		...(scope !== undefined && { scope }),
		options: [
			...["--profile", name, ...verify],
			...(now === undefined ? [] : ["--now", String(now)]),
			...(scope === undefined ? [] : ["--scope", scope]),
		],
	});
	const claims = JSON.parse(textOf(payload)) as object;
	const renamed = (part: string): string => toSegment(textOf(part).replaceAll(...names));
	return [
		judged("good", [token], refused),
		judged("expired", [token], "claims", { now: LATE }),
		judged("issued in the future", [token], "claims", { now: EARLY }),
		judged("with another signature", [header, payload, signature.replace(/^.../, "ABC")], refused ?? "signature"),
		judged("with another claim", [header, toSegment({ ...claims, other: 1 }), signature], refused ?? "signature"),
		judged("of nobody", [renamed(header), renamed(payload), signature], nobody),
		judged("with another algorithm", [toSegment({ alg: "none" }), payload, signature], "header"),
		judged("with four parts", [token, "x"], "syntax"),
		judged("with a duplicate name", [header, toSegment('{"a":1,"a":2}'), signature], "syntax"),
		judged("without a scope", [token], refused ?? "grant", { scope: "admin" }),
	];
}

function textOf(segment: string): string {
	return Buffer.from(segment, "base64url").toString();
}
