/**
 * What is loaded with the first explanation: servers that only verify don't need it.
 * @module
 */
export { explainToken } from "./explain-token.js";
