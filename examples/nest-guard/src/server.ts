/** Starts the API with the settings of the environment. */
import "reflect-metadata";
import { ConsoleLogger } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createOrgIdResolver, createVerifier, orgid, type Verifier } from "orgpass";
import { AppModule } from "./app.module.js";

const logger = new ConsoleLogger({ json: true });
const app = await NestFactory.create(AppModule.withVerifier(createVerifierFromEnvironment), { logger });
app.enableShutdownHooks(["SIGINT", "SIGTERM"], { useProcessExit: true });
const port = Number(setting("PORT"));
await app.listen(port);
logger.log({ message: "listening", port });

function createVerifierFromEnvironment(): Verifier {
	const resolver = createOrgIdResolver({
		networks: [{ chainId: Number(setting("CHAIN_ID")), rpcUrl: setting("RPC_URL"), registry: setting("REGISTRY") }],
	});
	return createVerifier({ profiles: [orgid({ audience: setting("AUDIENCE"), resolver })] });
}

function setting(name: string): string {
	const value = process.env[name];
	if (value) return value;
	throw new Error(`the environment variable ${name} is missing`);
}
