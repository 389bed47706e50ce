/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

export const CLI: readonly EquivalentMutant[] = [
	{
		...{ file: "cli/files.ts", from: 'process.platform !== "win32"', to: "true" },
		why: "it differs on Windows alone, which has no modes and users of this kind",
	},
	{
		...{ file: "cli/files.ts", from: '"win32"' },
		why: "it differs on Windows alone, which has no modes and users of this kind",
	},
	{
		...{ file: "cli/files.ts", from: "process.getuid === undefined", to: "false" },
		why: "it differs on Windows alone, which has no modes and users of this kind",
	},
	{
		...{ file: "cli/settings/network.ts", from: "local?.registry", to: "local.registry" },
		why: "only a chain that was found can be the local one: for the type only",
	},
	{
		...{ file: "cli/settings/network.ts", from: "local?.chainId", to: "local.chainId" },
		why: "only a chain that was found can be the local one: for the type only",
	},
	{
		...{
			file: "cli/settings/network.ts",
			from: "/^registry\\/|^config\\/missing$/",
			to: "/registry\\/|^config\\/missing$/",
		},
		why: "no other code contains registry/ or config/missing",
	},
	{
		...{
			file: "cli/settings/network.ts",
			from: "/^registry\\/|^config\\/missing$/",
			to: "/^registry\\/|config\\/missing$/",
		},
		why: "no other code contains registry/ or config/missing",
	},
	{
		...{
			file: "cli/settings/network.ts",
			from: "/^registry\\/|^config\\/missing$/",
			to: "/^registry\\/|^config\\/missing/",
		},
		why: "no other code contains registry/ or config/missing",
	},
	{
		...{ file: "cli/settings/settings-file.ts", from: '"unreadable"' },
		why: "whatever is thrown is an Error: for the type only",
	},
];
