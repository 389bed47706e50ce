import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../../scripts/sources.ts";

const BODY = `
	const network = await startTestNetwork();
	const [airline, hotel] = network.organizations;
	const profile = orgid({ audience: hotel.did, resolver: network.resolver });
	const verifier = createVerifier({ profiles: [profile], now: network.now });
	const token = await airline.minter({ audience: hotel.did }).mint();
	expect((await verifier.verify(token)).issuer).toBe(airline.did);
	await network.close();
`;
const TIMEOUT = "600_000";

it.each([
	[
		"an ES module",
		"module.test.mjs",
		`import { createVerifier, orgid } from "orgpass";
		import { startTestNetwork } from "orgpass/testing";
		test("a token", async () => {${BODY}}, ${TIMEOUT});`,
	],
	[
		"a CommonJS module that imports",
		"import.test.cjs",
		`test("a token", async () => {
			const { createVerifier, orgid } = await import("orgpass");
			const { startTestNetwork } = await import("orgpass/testing");
			${BODY}
		}, ${TIMEOUT});`,
	],
	[
		"a CommonJS module that requires",
		"require.test.cjs",
		`const { createVerifier, orgid } = require("orgpass");
		const { startTestNetwork } = require("orgpass/testing");
		test("a token", async () => {${BODY}}, ${TIMEOUT});`,
	],
])("Jest runs the test network in %s, in a folder of its own", async (_, file, text) => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-jest-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	mkdirSync(`${folder}/node_modules`);
	symlinkSync(root, `${folder}/node_modules/orgpass`);
	writeFileSync(`${folder}/package.json`, '{ "private": true }');
	writeFileSync(`${folder}/${file}`, text);
	const config = { rootDir: folder, testMatch: [`**/${file}`], transform: {}, testEnvironment: "node" };
	const jest = `${root}/node_modules/jest/bin/jest.js`;
	const { stderr } = await promisify(execFile)(
		process.execPath,
		["--experimental-vm-modules", jest, "--config", JSON.stringify(config)],
		{ cwd: folder },
	);
	expect(stderr).toContain("1 passed, 1 total");
});
