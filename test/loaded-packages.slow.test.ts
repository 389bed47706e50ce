import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** What is read and verified needs no ethers: only transactions and the signatures of accounts load it. */
const ENTRY_POINTS = ["auth", "client", "did", "http", "jws", "keys", "registry", "resolver", "tokens"];

it("importing the package in Node loads no ethers", () => {
	const program = `
		import { registerHooks } from "node:module";
		const loaded = new Set();
		registerHooks({
			load(url, context, next) {
				loaded.add(url);
				return next(url, context);
			},
		});
		for (const name of ${JSON.stringify(ENTRY_POINTS)}) await import("orgpass/" + name);
		const isEthers = (url) => url.includes("/node_modules/ethers/");
		const before = [...loaded].filter(isEthers).length;
		const { deployRegistry } = await import("orgpass/registry");
		const provider = { getNetwork: async () => ({ chainId: 1 }), send: async () => "0x1" };
		await deployRegistry({ provider, sendTransaction: () => Promise.reject(new Error()) }).catch(() => undefined);
		console.log(JSON.stringify({ loaded: loaded.size > 0, before, after: [...loaded].filter(isEthers).length > 0 }));
	`;
	const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
		cwd: fileURLToPath(new URL("..", import.meta.url)),
		encoding: "utf8",
	});
	expect(JSON.parse(output)).toEqual({ loaded: true, before: 0, after: true });
});
