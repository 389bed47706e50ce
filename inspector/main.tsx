/**
 * The inspector: shows, in the browser, why a token is accepted or refused.
 * @module
 */
import { render } from "preact";
import { App } from "./app.tsx";
import { loadNetwork } from "./network.ts";
import { takeTokenFromAddress } from "./token-link.ts";

const root = document.querySelector("#app");
if (root !== null) render(<App network={await loadNetwork()} token={takeTokenFromAddress() ?? ""} />, root);
