/** @module */
import type { Option } from "commander";
import { option } from "./options.js";

export const PASSWORD_OPTION: Option = option(
	"--password <source>",
	"password of the private key: a file, - or env:NAME",
);

/** `--key-password`, if `--password` belongs to another key. */
export const KEY_PASSWORD_OPTION: Option = option(
	"--key-password <source>",
	"password of that key, if it is an encrypted private key: a file, - or env:NAME",
);
