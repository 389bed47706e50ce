/**
 * The samples of the vendors' documents, each minted by the vendor's own library and verified with default options. Runs
 * with `npm run test:interop`.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import { ioctlIssuer } from "../../src/tokens/ioctl/ioctl-claims.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { vonage } from "../../src/tokens/vonage/vonage.ts";
import { findPeers } from "../interop/available.ts";
import { keyFiles } from "../interop/keys.ts";
import { PEERS } from "../interop/peers.ts";
import { askToMint, type Claims, type Command } from "../interop/protocol.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, resolverOf } from "../support/static-resolver.ts";
import { nowSeconds } from "../support/system-clock.ts";

const run = promisify(execFile);
const VENDORS = fileURLToPath(new URL("./vendors/", import.meta.url));
const PYTHON = process.env["ORGPASS_PYTHON"] ?? "python3";
const [GO] = await findPeers(PEERS.filter(({ language }) => language === "Go"));

const CHAIN_ID = 100;
const ORG = `0x${"0a".repeat(32)}`;
const DID = `did:orgid:${CHAIN_ID}:${ORG}`;
const AUDIENCE = `did:orgid:0x${"0b".repeat(32)}`;
const CLIENT_ID = "Iv23liOrgpass0000001";
const APPLICATION_ID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const REQUEST = { method: "GET", path: "/v1/users/alice" };
const YEAR_SECONDS = 31_536_000;

const rsa = await generateKeyPair({ algorithm: "RS256" });
const curve = await generateKeyPair();
const keys = { [CLIENT_ID]: rsa.publicKey, [APPLICATION_ID]: rsa.publicKey };
const resolver = resolverOf({ [DID]: documentWith(DID, curve.publicKey) });

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "orgpass-wild-"));
	await writeFile(join(folder, "rsa.pem"), exportPrivateKey(rsa.privateKey, "pkcs1"), { mode: 0o600 });
	await writeFile(join(folder, "curve.pem"), exportPrivateKey(curve.privateKey, "pkcs8"), { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

interface Sample {
	readonly name: string;
	readonly program: Command;
	/** Imports what the sample needs. */
	readonly check?: readonly string[];
	readonly needs: string;
	readonly key?: "curve.pem";
	readonly args: readonly string[];
	readonly profile: Profile;
	readonly lifetimeSeconds: number;
}

const node = (file: string): Pick<Sample, "program" | "needs"> => ({
	program: [process.execPath, join(VENDORS, file)],
	needs: "npm install",
});
const python = (file: string): Pick<Sample, "program" | "check" | "needs"> => ({
	program: [PYTHON, join(VENDORS, file)],
	check: ["-c", "import jwt, cryptography"],
	needs: "Python with test/interop/peers/python/requirements.txt (ORGPASS_PYTHON)",
});
const organization = {
	key: "curve.pem",
	args: [`did:orgid:${ORG}#webserver`, AUDIENCE],
	profile: orgid({ audience: AUDIENCE, resolver, defaultChainId: CHAIN_ID }),
	lifetimeSeconds: 3_600,
} as const;
const github = { args: [CLIENT_ID], profile: githubApp({ keys }), lifetimeSeconds: 660 };
const icr = { args: [CLIENT_ID], profile: icrApp({ keys }), lifetimeSeconds: 660 };
const application = { ...node("vonage.ts"), profile: vonage({ keys }) };

const SAMPLES: readonly Sample[] = [
	{ name: "ORGiD, Node", ...node("orgid.ts"), ...organization },
	{ name: "ORGiD, Python", ...python("orgid.py"), ...organization },
	{
		name: "GitHub, Ruby",
		program: ["ruby", join(VENDORS, "github.rb")],
		check: ["-e", 'require "jwt"'],
		needs: "ruby and ruby-jwt",
		...github,
	},
	{ name: "GitHub, Python", ...python("github.py"), ...github, lifetimeSeconds: 600 },
	{
		name: "GitHub, Bash",
		program: ["bash", join(VENDORS, "github.sh")],
		check: ["-c", "openssl version"],
		needs: "bash and openssl",
		...github,
	},
	{ name: "ICR, TypeScript", ...node("icr.ts"), ...icr },
	{ name: "ICR, Python", ...python("icr.py"), ...icr },
	{ name: "Vonage, exp a number", ...application, args: [APPLICATION_ID, "with"], lifetimeSeconds: 86_400 },
	{ name: "Vonage, without exp", ...application, args: [APPLICATION_ID, "without"], lifetimeSeconds: 900 },
];

const isRequired = process.env["ORGPASS_REQUIRE_ALL"] === "1";
const missing = (await Promise.all(SAMPLES.map(async (sample) => ((await canRun(sample)) ? [] : [sample])))).flat();
for (const [needs, samples] of isRequired ? [] : Map.groupBy(missing, (sample) => sample.needs)) {
	process.stderr.write(`skipped: ${samples.map(({ name }) => name).join("; ")} (needs ${needs})\n`);
}

describe("a vendor's own sample is accepted with default options", () => {
	for (const sample of SAMPLES) {
		const { name, profile, args, lifetimeSeconds } = sample;
		it.skipIf(!isRequired && missing.includes(sample))(name, async () => {
			const { profile: kind, expiresAt, claims } = await verify(profile, await mint(sample));
			expect(kind).toBe(profile.name);
			expect([claims["iss"], claims["application_id"]]).toContain(args[0]);
			expect((expiresAt as number) - (claims["iat"] as number)).toBe(lifetimeSeconds);
		});
	}

	it.skipIf(!isRequired && !hasGo())("ioctl, through iotex-antenna-go", async () => {
		const { claims } = await verify(ioctl({ trustedIssuers: [curve.publicKey] }), await mintIoctl(3_600));
		expect(claims).toMatchObject({ sub: "https://hotel.example/rooms", scope: "Read" });
	});

	it.skipIf(!isRequired && !hasGo())("but ioctl's for a year is refused for its lifetime", async () => {
		const token = await mintIoctl(YEAR_SECONDS);
		const profile = ioctl({ trustedIssuers: [curve.publicKey] });
		const error = await expectRefusal(() => verify(profile, token), "token/lifetime");
		expect(error.details).toMatchObject({ lifetime: YEAR_SECONDS, maxLifetimeSeconds: 86_400 });
		const patient = createVerifier({ profiles: [profile], maxLifetimeSeconds: YEAR_SECONDS });
		expect((await patient.verify(token)).profile).toBe("ioctl");
	});
});

function verify(profile: Profile, token: string): Promise<VerifiedToken> {
	return createVerifier({ profiles: [profile] }).verify(token, profile.name === "vonage" ? { request: REQUEST } : {});
}

async function mint({ program: [command, ...first], key, args }: Sample): Promise<string> {
	const { stdout } = await run(command, [...first, join(folder, key ?? "rsa.pem"), ...args]);
	return stdout.trim();
}

async function mintIoctl(lifetimeSeconds: number): Promise<string> {
	const iat = nowSeconds();
	const issuer = ioctlIssuer(curve.publicKey);
	const claims: Claims = {
		exp: iat + lifetimeSeconds,
		iat,
		iss: issuer,
		sub: "https://hotel.example/rooms",
		scope: "Read",
	};
	const files = { ...keyFiles(curve.privateKey, 0), profile: "ioctl", algorithm: "ES256", issuer, audience: "" };
	const command = GO?.peer.command ?? expect.fail("no Go peer");
	const [[token] = []] = await askToMint(command, [{ files, claims: [claims] }]);
	return token ?? expect.fail("no token");
}

function hasGo(): boolean {
	return GO !== undefined && "version" in GO;
}

function canRun({ program: [command], check = ["--version"] }: Sample): Promise<boolean> {
	return run(command, check).then(
		() => true,
		() => false,
	);
}
