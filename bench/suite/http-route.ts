/**
 * The route of all servers.
 * @module
 */

export const PATH = "/api/me";
export const ANSWER: Readonly<Record<string, string>> = { hello: "world" };
