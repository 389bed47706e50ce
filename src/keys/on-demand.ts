/**
 * What is loaded on first use, so that it isn't in every bundle. One module: each further one would split the bundle
 * into more chunks, which compress worse.
 * @module
 */
export { addKeyAdvice } from "./formats/key-advice.js";
export { encryptKeystore } from "./formats/keystore.js";
export { importKeystore } from "./import-keystore.js";
