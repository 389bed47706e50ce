import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

export default defineConfig({
	solidity: {
		version: "0.8.37",
		path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
		settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "cancun" },
	},
	paths: { tests: { solidity: "./test/contracts" } },
	test: {
		solidity: {
			profiles: {
				default: { fuzz: { runs: 256 }, invariant: { runs: 64, depth: 128 } },
				// Enough to reach every line. With coverage, calls take five times as long.
				coverage: { fuzz: { runs: 16 }, invariant: { runs: 8, depth: 64 } },
				deep: { fuzz: { runs: 10_000 }, invariant: { runs: 256, depth: 200 } },
			},
		},
	},
});
