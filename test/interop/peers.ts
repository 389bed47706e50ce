/**
 * The peers: how each is started and built, and what it can do.
 * @module
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Kind } from "../support/token-kinds.ts";
import type { Command } from "./protocol.ts";
import type { Fault } from "./tamper.ts";

/** What a peer can do with a kind of token: true, or why not. */
export interface Ability {
	readonly reads: true | string;
	readonly mints: true | string;
}

/** A peer. */
export interface Peer {
	readonly name: string;
	readonly language: string;
	readonly command: Command;
	/** What the machine must have, as the line about a skipped peer names it. */
	readonly needs: string;
	/** Builds the program, where it must be built. */
	readonly build?: () => Promise<unknown>;
	readonly abilities: Partial<Record<Kind, Ability>>;
	/** Claims that it writes itself or leaves out, whatever it is given. */
	readonly ownClaims?: readonly string[];
	/** How our tokens must write scopes for it to read them. */
	readonly scopeFormat?: "json";
	/** In which direction it wants no `iss` that is a number: a finding, told in docs/interop.md. */
	readonly refusesNumericIssuer?: readonly ("reads" | "mints")[];
	/** Bad ECDSA tokens it is known to accept: findings, told in docs/interop.md. */
	readonly accepts?: readonly Fault[];
	/** Whether its ECDSA signatures have any S; undefined where it signs none. */
	readonly isAnyS?: boolean;
}

const BOTH: Ability = { reads: true, mints: true };
/** RFC 7518 3.4: ES256 is ECDSA on P-256. ioctl's tokens say so, and are on secp256k1. */
const STRICT: Ability = { reads: "supports ES256 with P-256 only", mints: "supports ES256 with P-256 only" };
const NO_ES256K: Ability = { reads: "doesn't support ES256K", mints: "doesn't support ES256K" };
const APPS = { "github-app": BOTH, "icr-app": BOTH, vonage: BOTH } as const;
/** What `randomClaims` gives. */
const FURTHER = ["sub", "note", "seats", "stops", "flexible"];
const PEERS_FOLDER = fileURLToPath(new URL("./peers", import.meta.url));
const BUILD_FOLDER = fileURLToPath(new URL("../../node_modules/.cache/orgpass-interop", import.meta.url));

const run = promisify(execFile);
const place = (...path: string[]): string => join(PEERS_FOLDER, ...path);
const built = (...path: string[]): string => join(BUILD_FOLDER, ...path);
const python = process.env["ORGPASS_PYTHON"] ?? "python3";
const npm = (folder: string): Command => [process.execPath, place(folder, "driver.ts")];
const classPath = [built("java", "classes"), built("java", "dependency", "*")].join(":");

/** All peers, in the order of the table. */
export const PEERS: readonly Peer[] = [
	{
		name: "jose 2",
		language: "JavaScript",
		command: npm("jose2"),
		needs: "npm install",
		abilities: { orgid: BOTH, ioctl: STRICT, ...APPS },
		ownClaims: ["iat", "exp"],
		refusesNumericIssuer: ["reads"],
		isAnyS: true,
	},
	{
		name: "did-jwt",
		language: "JavaScript",
		command: npm("did-jwt"),
		needs: "npm install",
		abilities: { orgid: BOTH, ioctl: { mints: true, reads: "requires DIDs as issuers" } },
		ownClaims: ["iat", "exp"],
		isAnyS: false,
	},
	{
		name: "@windingtree/org.id-auth",
		language: "JavaScript",
		command: npm("org-id-auth"),
		needs: "npm install",
		abilities: { orgid: BOTH, "orgid-eip712": BOTH },
		ownClaims: ["iat", "exp", "scope", ...FURTHER],
		scopeFormat: "json",
		isAnyS: true,
	},
	{
		name: "ethers 5",
		language: "JavaScript",
		command: npm("ethers5"),
		needs: "npm install",
		abilities: { "orgid-account": BOTH, "orgid-eth": BOTH },
	},
	{
		name: "jsonwebtoken",
		language: "JavaScript",
		command: npm("jsonwebtoken"),
		needs: "npm install",
		abilities: { orgid: NO_ES256K, ...APPS },
	},
	{
		name: "universal-github-app-jwt",
		language: "JavaScript",
		command: npm("universal-github-app-jwt"),
		needs: "npm install",
		abilities: { "github-app": { mints: true, reads: "mints only" } },
		ownClaims: ["iat", "exp", ...FURTHER],
	},
	{
		name: "@vonage/jwt",
		language: "JavaScript",
		command: npm("vonage-jwt"),
		needs: "npm install",
		abilities: { vonage: BOTH },
		ownClaims: ["iat", "exp", "subject"],
	},
	{
		name: "PyJWT, cryptography",
		language: "Python",
		command: [python, place("python", "driver.py"), "cryptography"],
		needs: "Python with test/interop/peers/python/requirements.txt (ORGPASS_PYTHON)",
		abilities: { orgid: BOTH, ioctl: STRICT, ...APPS },
		refusesNumericIssuer: ["mints"],
		isAnyS: true,
	},
	{
		name: "PyJWT, ecdsa",
		language: "Python",
		command: [python, place("python", "driver.py"), "ecdsa"],
		needs: "Python with test/interop/peers/python/requirements.txt (ORGPASS_PYTHON)",
		abilities: { orgid: BOTH, ioctl: BOTH },
		isAnyS: true,
	},
	{
		name: "iotex-antenna-go",
		language: "Go",
		command: [built("golang")],
		needs: "go 1.23 and a C compiler",
		build: () => run("go", ["build", "-buildvcs=false", "-o", built("golang"), "."], { cwd: place("golang") }),
		abilities: { orgid: NO_ES256K, ioctl: BOTH, ...APPS },
		isAnyS: true,
	},
	{
		name: "ruby-jwt",
		language: "Ruby",
		command: ["ruby", place("ruby", "driver.rb")],
		needs: "ruby and ruby-jwt",
		abilities: { orgid: BOTH, ioctl: STRICT, ...APPS },
		accepts: ["zero byte between r and s"],
		isAnyS: true,
	},
	{
		name: "Crypt::JWT",
		language: "Perl",
		command: ["perl", place("perl", "driver.pl")],
		needs: "perl and libcrypt-jwt-perl",
		abilities: { orgid: BOTH, ioctl: BOTH, ...APPS },
		isAnyS: true,
	},
	{
		name: "nimbus-jose-jwt",
		language: "Java",
		command: ["java", "-cp", classPath, "Driver"],
		needs: "java 17 and mvn",
		build: () => run("mvn", ["-q", "-B", `-DbuildFolder=${built("java")}`, "-f", place("java", "pom.xml"), "compile"]),
		abilities: { orgid: BOTH, ioctl: STRICT, ...APPS },
		refusesNumericIssuer: ["reads", "mints"],
		isAnyS: true,
	},
	{
		name: "openssl extension",
		language: "PHP",
		command: ["php", place("php", "driver.php")],
		needs: "php with openssl",
		abilities: { orgid: BOTH, ioctl: BOTH, ...APPS },
		isAnyS: true,
	},
	{
		name: "openssl",
		language: "Bash",
		command: ["bash", place("openssl", "driver.sh")],
		needs: "bash and openssl",
		abilities: { orgid: BOTH, ioctl: BOTH, ...APPS },
		isAnyS: true,
	},
];

/** Makes the place for what is built, so that two builds don't race for it. */
export async function prepareBuilds(): Promise<void> {
	if (!existsSync(BUILD_FOLDER)) await mkdir(BUILD_FOLDER, { recursive: true });
}
