/**
 * What is loaded with the first document. One module, like that of the keys: each further one would split bundles into
 * more chunks.
 * @module
 */
export { runChecks } from "./document-checks.js";
export { retrieveDocument } from "./fetch/retrieve-document.js";
