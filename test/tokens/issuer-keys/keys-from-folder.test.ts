import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { RsaPublicKey } from "../../../src/keys/rsa-public-key.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import type { IssuerKeyLookup } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import { readKeyFolder as readWithoutFiles } from "../../../src/tokens/issuer-keys/key-folder.ts";
import { keysFromFolder } from "../../../src/tokens/issuer-keys/keys-from-folder.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { passSeconds } from "../../support/pass-seconds.ts";
import { expectRefusal, refusalOf } from "../../support/refusal.ts";
import { APP_ID, CURVE_KEY, forgeKind, RSA_KEYS } from "../../support/token-kinds.ts";

const other = await generateKeyPair({ algorithm: "RS256" });
const ours = RSA_KEYS.publicKey.thumbprint;
const theirs = other.publicKey.thumbprint;
const PEM = exportPublicKey(RSA_KEYS.publicKey, "spki");
const OTHER_PEM = exportPublicKey(other.publicKey, "pkcs1");

let folder: string;
let look: IssuerKeyLookup;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-keys-"));
	look = keysFromFolder(folder);
	write("good.pem", PEM);
});
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(folder, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): void {
	const place = join(folder, name);
	mkdirSync(dirname(place), { recursive: true });
	writeFileSync(place, content);
}

async function thumbprintsOf(issuer: string, keyId?: string): Promise<readonly string[] | undefined> {
	const keys = (await look(issuer, keyId)) as readonly RsaPublicKey[] | undefined;
	return keys?.map(({ thumbprint }) => thumbprint);
}

describe("the issuer of a file", () => {
	it.each(["12345", "Iv1.8a61f9b3a7aba766", APP_ID, "a.pem", "app@example", "a b", "é"])(
		"%s: owns <id>.pem",
		async (issuer) => {
			write(`${issuer}.pem`, OTHER_PEM);
			expect(await thumbprintsOf(issuer)).toEqual([theirs]);
			expect(await thumbprintsOf("good")).toEqual([ours]);
		},
	);

	it("is the same UUID in any letter case", async () => {
		write(`${APP_ID.toUpperCase()}.pem`, OTHER_PEM);
		write(`${APP_ID}/next.pem`, PEM);
		expect((await thumbprintsOf(APP_ID))?.toSorted()).toEqual([ours, theirs].toSorted());
	});

	it.each(["12345", "Iv1.8a61f9b3a7aba766", "x.pem"])("%s: owns <id>/*.pem", async (issuer) => {
		write(`${issuer}/2026.pem`, OTHER_PEM);
		write(`${issuer}/2027.pem`, PEM);
		write(`${issuer}/readme.txt`, "no key");
		write(`${issuer}/.hidden.pem`, "no key");
		write(`${issuer}/deeper/2028.pem`, "no key");
		expect(await thumbprintsOf(issuer)).toEqual([theirs, ours]);
		expect(await thumbprintsOf(issuer, theirs)).toEqual([theirs]);
		expect(await thumbprintsOf(issuer, "2026")).toEqual([]);
	});

	it("a file and a folder of the same name both count", async () => {
		write("7.pem", PEM);
		write("7/b.pem", OTHER_PEM);
		expect(new Set(await thumbprintsOf("7"))).toEqual(new Set([ours, theirs]));
	});

	it.each<[string, string]>([
		["outside", "../x"],
		["an absolute path", "/etc/passwd"],
		["a folder's file", "a/b"],
		["a folder's file with its extension", "a/b.pem"],
		["here", "."],
		["above", ".."],
		["a backslash", "..\\x"],
		["NUL", "good\u0000"],
		["percent-encoded", "%2e%2e/x"],
		["the name with its extension", "good.pem"],
		["the name in another case", "GOOD"],
		["empty", ""],
		["a hidden file", ".hidden"],
		["a property name of Object.prototype", "__proto__"],
		["a method name of Map", "get"],
		["a folder without keys", "empty"],
	])("an iss that is %s is unknown", async (_what, issuer) => {
		write("a/b.pem", PEM);
		write(".hidden.pem", PEM);
		write("empty/readme.txt", "");
		writeFileSync(`${folder}-x.pem`, PEM);
		try {
			expect(await look(issuer, undefined)).toBeUndefined();
			expect(await look(`../${folder.split("/").at(-1)}-x`, undefined)).toBeUndefined();
		} finally {
			rmSync(`${folder}-x.pem`);
		}
	});

	it("the name of a file in a folder isn't an issuer", async () => {
		write("a/b.pem", PEM);
		expect(await thumbprintsOf("b")).toBeUndefined();
		expect(await thumbprintsOf("a")).toEqual([ours]);
	});
});

describe("an invalid key file only affects its own issuer", () => {
	it.each<[string, () => string | Uint8Array, string]>([
		["a private key", () => exportPrivateKey(RSA_KEYS.privateKey, "pkcs8"), "key/public-expected"],
		["an ES256K key", () => exportPublicKey(CURVE_KEY.publicKey, "spki"), "key/wrong-algorithm"],
		["nothing", () => "", "key/unrecognized"],
		["words", () => "my key\n", "key/unrecognized"],
		["half a key", () => PEM.slice(0, 200), "key/malformed"],
		["two keys", () => `${PEM}\n${OTHER_PEM}`, "key/unrecognized"],
		["bytes", () => new Uint8Array(300).fill(0xff), "key/unrecognized"],
		["a valid key and 64 kB of text", () => `${PEM}${" ".repeat(70_000)}`, "key/unrecognized"],
	])("%s", async (_what, content, code) => {
		write("bad.pem", content());
		const error = await refusalOf(() => look("bad", undefined));
		expect(error.code).toBe(code);
		expect(error.message).toMatch(/^a key of "bad" in the folder: ./);
		expect(await thumbprintsOf("good")).toEqual([ours]);
		write("several/1.pem", PEM);
		write("several/2.pem", content());
		passSeconds(61);
		await expectRefusal(() => look("several", undefined), error.code);
	});

	it("a private key's error never shows it", async () => {
		const secret = exportPrivateKey(RSA_KEYS.privateKey, "pkcs8");
		write("bad.pem", secret);
		const error = await refusalOf(() => look("bad", undefined));
		const line = secret.split("\n")[5] as string;
		expect(`${error.message}${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain(line);
	});

	it("a pipe doesn't block", async () => {
		execFileSync("mkfifo", [join(folder, "pipe.pem"), join(folder, "pipe")]);
		mkdirSync(join(folder, "in"));
		execFileSync("mkfifo", [join(folder, "in", "pipe.pem")]);
		for (const issuer of ["pipe", "in"]) expect(await look(issuer, undefined)).toBeUndefined();
		expect(await thumbprintsOf("good")).toEqual([ours]);
	});

	it("a dangling or circular link is ignored", async () => {
		symlinkSync(join(folder, "gone"), join(folder, "dangling.pem"));
		symlinkSync(join(folder, "gone"), join(folder, "dangling"));
		symlinkSync("circle.pem", join(folder, "circle.pem"));
		mkdirSync(join(folder, "in"));
		symlinkSync("gone", join(folder, "in", "dangling.pem"));
		for (const issuer of ["dangling", "circle", "in"]) expect(await look(issuer, undefined)).toBeUndefined();
		expect(await thumbprintsOf("good")).toEqual([ours]);
	});

	it("a link to a key counts, as in a mounted secret", async () => {
		write("..2026/7.pem", OTHER_PEM);
		symlinkSync("..2026", join(folder, "..data"));
		symlinkSync(join("..data", "7.pem"), join(folder, "7.pem"));
		expect(await thumbprintsOf("7")).toEqual([theirs]);
		expect(await look("..data", undefined)).toBeUndefined();
	});

	it("an unreadable file or folder is an outage", async () => {
		write("closed.pem", PEM);
		write("locked/1.pem", PEM);
		chmodSync(folder, 0o755);
		chmodSync(join(folder, "closed.pem"), 0);
		chmodSync(join(folder, "locked"), 0);
		const codes = await asNobody(() =>
			Promise.all(["closed", "locked"].map((issuer) => refusalOf(() => look(issuer, undefined)))),
		);
		expect(codes.map(({ code }) => code)).toEqual(["key/unreachable", "key/unreachable"]);
		expect(await thumbprintsOf("good")).toEqual([ours]);
	});
});

/** Root may read everything. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
	if (process.geteuid?.() !== 0) return run();
	process.seteuid?.("nobody");
	try {
		return await run();
	} finally {
		process.seteuid?.(0);
	}
}

describe("caching", () => {
	it("a new issuer is found after the cooldown of ten seconds", async () => {
		expect(await look("new", undefined)).toBeUndefined();
		write("new.pem", OTHER_PEM);
		expect(await look("new", undefined)).toBeUndefined();
		passSeconds(9);
		expect(await look("new", undefined)).toBeUndefined();
		passSeconds(2);
		expect(await thumbprintsOf("new")).toEqual([theirs]);
	});

	it("a replaced or removed file takes effect after a minute", async () => {
		write("gone.pem", PEM);
		expect(await thumbprintsOf("good")).toEqual([ours]);
		write("good.pem", OTHER_PEM);
		rmSync(join(folder, "gone.pem"));
		passSeconds(59);
		expect([await thumbprintsOf("good"), await thumbprintsOf("gone")]).toEqual([[ours], [ours]]);
		passSeconds(2);
		expect([await thumbprintsOf("good"), await thumbprintsOf("gone")]).toEqual([[theirs], undefined]);
	});

	it("concurrent calls read the folder once", async () => {
		const answers = await Promise.all(Array.from({ length: 50 }, () => look("good", undefined)));
		const [first] = answers as (readonly RsaPublicKey[])[];
		for (const one of answers as (readonly RsaPublicKey[])[]) expect(one[0]).toBe(first?.[0]);
	});
});

describe("an unreadable folder", () => {
	it.each<[string, () => string]>([
		["doesn't exist", () => join(folder, "missing")],
		["is a file", () => join(folder, "good.pem")],
		["has NUL in its name", () => `${folder}\u0000`],
	])("that %s is an outage", async (_what, place) => {
		look = keysFromFolder(place());
		const error = await expectRefusal(() => look("good", undefined), "key/unreachable");
		expect(error.cause).toBeDefined();
		expect(error.message).not.toContain(folder);
	});

	it("is read as soon as it exists", async () => {
		look = keysFromFolder(join(folder, "later"));
		await expectRefusal(() => look("7", undefined), "key/unreachable");
		write("later/7.pem", OTHER_PEM);
		expect(await thumbprintsOf("7")).toEqual([theirs]);
	});

	it("without a path is rejected immediately", async () => {
		for (const path of ["", undefined, null, 7, new URL("file:///keys")]) {
			const error = await expectRefusal(() => keysFromFolder(path as never), "config/invalid-option");
			expect(error.details).toEqual({ option: "path" });
		}
	});

	it("without a file system is reported", async () => {
		await expectRefusal(() => readWithoutFiles("/keys"), "key/unavailable");
	});
});

describe("in a verifier", () => {
	it("tokens are accepted under the name of the file", async () => {
		write(`${APP_ID}.pem`, PEM);
		for (const [kind, make] of [
			["github-app", githubApp],
			["vonage", vonage],
		] as const) {
			const verifier = createVerifier({ profiles: [make({ keys: look })] });
			const verified = await verifier.verify(await forgeKind(kind));
			expect([verified.issuer, verified.keyId]).toEqual([APP_ID, ours]);
		}
	});

	it.each([
		["../good", "token/claim-invalid"],
		["good/../good", "token/issuer-unknown"],
		["./good", "token/claim-invalid"],
		["good.pem", "token/issuer-unknown"],
		["good/", "token/claim-invalid"],
	] as const)("an iss %s names no file: %s", async (iss, code) => {
		const verifier = createVerifier({ profiles: [githubApp({ keys: look })] });
		const token = await forgeKind("github-app", { iss });
		await expectRefusal(() => verifier.verify(token), code);
	});

	it("an invalid file is the server's mistake, and doesn't affect other issuers", async () => {
		write(`${APP_ID}.pem`, "no key");
		const verifier = createVerifier({ profiles: [githubApp({ keys: look })] });
		const token = await forgeKind("github-app");
		await expectRefusal(() => verifier.verify(token), "key/unrecognized");
		const good = await forgeKind("github-app", { iss: "good" });
		expect((await verifier.verify(good)).keyId).toBe(ours);
	});
});
