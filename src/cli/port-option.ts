/** @module */
import type { Option } from "commander";
import { invalidOption } from "../options/invalid-option.js";
import { parsed } from "./options.js";

/** The port of a command that serves something. */
export const PORT_OPTION: Option = parsed("--port <port>", "port to listen on; default: any free port", parsePort);

function parsePort(text: string, option: string): number {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (port <= 65_535) return port;
	throw invalidOption(option, "a number from 0 to 65535", { got: text });
}
