/** Starts the API with the settings of the environment. */
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { createApp } from "./app.ts";

const resolver = createOrgIdResolver({
	networks: [{ chainId: Number(setting("CHAIN_ID")), rpcUrl: setting("RPC_URL"), registry: setting("REGISTRY") }],
});
const verifier = createVerifier({ profiles: [orgid({ audience: setting("AUDIENCE"), resolver })] });

const app = await createApp({ verifier, logger: true });
app.addHook("onClose", () => resolver.close());
await app.listen({ port: Number(setting("PORT")) });
// Lets requests in progress finish.
for (const signal of ["SIGINT", "SIGTERM"]) {
	process.once(signal, () => {
		app.log.info({ signal }, "stopping");
		void app.close();
	});
}

function setting(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`the environment variable ${name} is missing`);
}
