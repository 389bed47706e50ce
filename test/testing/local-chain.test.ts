import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { JsonRpcProvider, parseEther, Wallet } from "ethers";
import { describe, expect, it, onTestFinished } from "vitest";
import { readManifest, root } from "../../scripts/sources.ts";
import { startLocalChain } from "../../src/testing/local-chain.ts";

describe("startLocalChain", () => {
	it("serves chain 31337 with funded accounts and their keys", async () => {
		const chain = await startLocalChain({ accountCount: 3 });
		const provider = new JsonRpcProvider(chain.rpcUrl);
		expect(chain.chainId).toBe(31337);
		expect((await provider.getNetwork()).chainId).toBe(31337n);
		expect(chain.accounts).toHaveLength(3);
		for (const { address, privateKey } of chain.accounts) {
			expect(new Wallet(privateKey).address).toBe(address);
			expect(await provider.getBalance(address)).toBe(parseEther("10000"));
		}
		expect(Object.isFrozen(chain) && Object.isFrozen(chain.accounts) && Object.isFrozen(chain.accounts[0])).toBe(true);
		provider.destroy();
		await chain.close();
	});

	it("has the same twenty accounts by default", async () => {
		const chain = await startLocalChain();
		expect(chain.accounts).toHaveLength(20);
		expect(chain.accounts[0]?.address).toBe("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
		await chain.close();
	});

	it.each([-1, 70_000])("rejects the port %i", async (port) => {
		await expect(startLocalChain({ port })).rejects.toMatchObject({
			name: "ConfigError",
			code: "config/invalid-option",
			details: { option: "port" },
		});
	});

	it("says who has the port if it is taken", async () => {
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		onTestFinished(() => void server.close());
		await expect(startLocalChain({ port })).rejects.toMatchObject({
			code: "config/port",
			message: `can't listen on port ${port}: another program uses it`,
		});
	});

	it("explains what to install if Hardhat is missing", () => {
		// A process whose loader knows no Hardhat, and the compiled package.
		const script = `
			import { registerHooks } from "node:module";
			registerHooks({
				resolve(name, context, next) {
					if (name.startsWith("hardhat")) throw new Error("not found: " + name);
					return next(name, context);
				},
			});
			const { startLocalChain } = await import("orgpass/testing");
			await startLocalChain().catch(({ code, message }) => console.log(code, message));
		`;
		const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
			encoding: "utf8",
		});
		expect(output).toMatch(/^config\/hardhat-missing the local chain needs the package hardhat \(3\.18 or later\)/);
	});

	it("explains how to install Hardhat's native package if npm has skipped it", () => {
		const script = `
			import { registerHooks } from "node:module";
			registerHooks({
				resolve(name, context, next) {
					if (/^@nomicfoundation\\/edr-|^\\.\\/edr\\./.test(name)) throw new Error("not found: " + name);
					return next(name, context);
				},
			});
			const { startLocalChain } = await import("orgpass/testing");
			await startLocalChain().catch(({ code, message, details }) => console.log(code, message, details.hint));
		`;
		const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
			encoding: "utf8",
		});
		expect(output).toMatch(/^config\/hardhat-missing Hardhat's native package is missing.* Delete node_modules and/);
	});

	it("names the Hardhat that is installed if it is too old", () => {
		const folder = mkdtempSync(join(tmpdir(), "orgpass-hardhat-"));
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		const modules = `${folder}/node_modules`;
		for (const name of ["dist", "package.json"]) {
			cpSync(`${root}/${name}`, `${modules}/orgpass/${name}`, { recursive: true });
		}
		for (const name of Object.keys(readManifest().dependencies)) {
			mkdirSync(dirname(`${modules}/${name}`), { recursive: true });
			symlinkSync(`${root}/node_modules/${name}`, `${modules}/${name}`);
		}
		mkdirSync(`${modules}/hardhat`);
		writeFileSync(`${modules}/hardhat/package.json`, '{ "name": "hardhat", "version": "2.26.3" }');
		const script = `
			import { startLocalChain } from "orgpass/testing";
			await startLocalChain().catch(({ code, message }) => console.log(code, message));
		`;
		const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
			cwd: folder,
			encoding: "utf8",
		});
		expect(output).toMatch(/^config\/hardhat-missing .*hardhat \(3\.18 or later\), got "2\.26\.3"/);
	});
});
