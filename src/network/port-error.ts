/** @module */
import { ConfigError } from "../errors/errors.js";

/** Says why a server can't listen on a port. */
export function portError(port: number, cause: unknown): ConfigError {
	const { code } = cause as NodeJS.ErrnoException;
	const message = `can't listen on port ${port}: ${code === "EADDRINUSE" ? "another program uses it" : code}`;
	return new ConfigError("config/port", message, { details: { port }, cause });
}
