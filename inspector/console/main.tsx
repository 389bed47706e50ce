/**
 * The console: creates organizations, and changes them, with an account of a wallet.
 * @module
 */
import { render } from "preact";
import { loadNetwork } from "../network.ts";
import { App } from "./app.tsx";

const root = document.querySelector("#app");
if (root !== null) render(<App network={await loadNetwork()} />, root);
