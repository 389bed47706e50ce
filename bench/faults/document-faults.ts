/**
 * Faults of the host of an organization's document that other hosts don't have.
 * @module
 */
import type { Fault } from "./fault.ts";

/** The faults. */
export const DOCUMENT_FAULTS: readonly Fault[] = [
	{
		name: "redirects to itself",
		isStatement: true,
		respond: (outgoing) => void outgoing.writeHead(302, { location: "/" }).end(),
	},
	{
		name: "sends a changed document",
		isStatement: true,
		alter: (body) => body.toString().replace(/("created": *")20/, "$119"),
	},
	{
		name: "sends another organization's document",
		isStatement: true,
		alter: (body) => body.toString().replaceAll(/0x[0-9a-f]{64}/g, `0x${"0b".repeat(32)}`),
	},
	{
		name: "sends 2 MiB after the document",
		isStatement: true,
		alter: (body) => Buffer.concat([body, Buffer.alloc(2 ** 21, " ")]),
	},
];
