/**
 * Takes the pictures of the inspector for README and docs, light and dark, with Debian's Chromium, against a local chain:
 * a token of a key that its organization has replaced and revoked. Needs `npm run build`, and pngquant.
 * @module
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { root } from "./sources.ts";

const PROGRAM = join(root, "dist/node/cli/main.js");
const SIZE = { width: 1000, height: 845 };
const PICTURES = [
	["light", "docs/inspector.png"],
	["dark", "docs/inspector-dark.png"],
] as const;

const folder = mkdtempSync(join(tmpdir(), "orgpass-picture-"));
const running: ChildProcess[] = [];
try {
	await start("chain");
	const token = createRefusedToken();
	const { url } = await start("inspector");
	await takePictures(url, token);
} finally {
	for (const child of running) child.kill("SIGINT");
	rmSync(folder, { recursive: true });
}

function orgpass(...args: readonly string[]): string {
	return execFileSync(process.execPath, [PROGRAM, ...args], {
		cwd: folder,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	}).trim();
}

/** Starts what runs until Ctrl-C; returns what it prints when it is ready. */
async function start(...args: readonly string[]): Promise<{ readonly url: string }> {
	const child = spawn(process.execPath, [PROGRAM, ...args, "--json"], {
		cwd: folder,
		stdio: ["ignore", "pipe", "inherit"],
	});
	running.push(child);
	for await (const line of createInterface(child.stdout)) return JSON.parse(line);
	throw new Error(`orgpass ${args.join(" ")} ended`);
}

function createRefusedToken(): string {
	const [airline, hotel] = [orgpass("org", "create"), orgpass("org", "create")];
	orgpass("keys", "generate", "--out", "webserver.pem");
	orgpass("org", "add-key", `${airline}#webserver`, "--public-key", "webserver.pem");
	const issuing = ["--issuer", `${airline}#webserver`, "--audience", hotel, "--scope", "book"];
	const token = orgpass("token", "mint", "--key", "webserver.pem", ...issuing);
	const validUntil = new Date(Date.now() + 400 * 86_400_000).toISOString();
	orgpass("keys", "generate", "--out", "next.pem");
	orgpass("org", "add-key", `${airline}#webserver-2`, "--public-key", "next.pem", "--valid-until", validUntil);
	orgpass("org", "revoke-key", `${airline}#webserver`);
	return token;
}

async function takePictures(url: string, token: string): Promise<void> {
	const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
	for (const [colorScheme, path] of PICTURES) {
		const page = await browser.newPage({ colorScheme, viewport: SIZE, deviceScaleFactor: 2 });
		await page.goto(url);
		await page.getByRole("textbox", { name: "Token" }).fill(token);
		await page.locator('[role="status"][data-step="key"]').waitFor();
		await page.getByText("Events").waitFor();
		await page.getByRole("textbox", { name: "Token" }).evaluate((box) => {
			box.blur();
			box.scrollTop = 0;
		});
		await page.screenshot({ path: join(root, path) });
		execFileSync("pngquant", ["64", "--force", "--strip", "--output", join(root, path), join(root, path)]);
	}
	await browser.close();
}
