/** @module */
import type { Paint } from "./context.js";

const STEPS = {
	"orgpass demo": "see it work: two organizations, a local chain and an HTTP server",
	"orgpass keys generate": "generate a key",
	"orgpass org create": "create an organization, on `orgpass chain` or another network",
	"orgpass token mint": "mint a token, signed with the organization's key",
	"orgpass token verify": "verify a token as a server does",
	"orgpass help": "list all commands; `orgpass help token mint` explains one, with examples",
};

/** What `orgpass` alone prints: where to start. */
export function formatFirstSteps(paint: Paint): string {
	const width = Math.max(...Object.keys(STEPS).map((command) => command.length));
	const steps = Object.entries(STEPS).map(
		([command, purpose]) => `  ${paint("name", command)}${" ".repeat(width - command.length)}  ${purpose}`,
	);
	return ["Organizations sign in to each other's APIs with keys they anchor on Ethereum.", "", ...steps, ""].join("\n");
}
