/**
 * Options of the library as the command line names them, for messages of errors that come from the library.
 * @module
 */
import type { OrgpassError } from "../errors/errors.js";

const FLAGS: Readonly<Record<string, string>> = {
	lifetimeSeconds: "--ttl",
	maxLifetimeSeconds: "--max-lifetime",
	clockToleranceSeconds: "--clock-tolerance",
	serverDate: "--server-date",
	audience: "--audience",
	issuer: "--issuer",
	applicationId: "--issuer",
	scope: "--scope",
	resource: "--resource",
	operation: "--operation",
};

/** The message of an error, with the flag instead of the library's option that it is about. */
export function messageWithFlags({ code, message, details }: OrgpassError): string {
	if (code !== "config/invalid-option") return message;
	const named = /^(?:\w+: )?"?(\w+)"? must be /.exec(message);
	const flag = named?.[1] === details["option"] && FLAGS[String(named?.[1])];
	if (named === null || !flag) return message;
	return `${flag} must be ${message.slice(named[0].length)}`.replace(
		"most maxLifetimeSeconds ",
		"most --max-lifetime ",
	);
}
