/**
 * The servers of examples that are installed in a folder of their own, for the behaviour suite.
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Verifier } from "../../src/auth/create-verifier.ts";
import { UNREACHABLE_ID } from "../http/adapters/behaviour-suite.ts";
import type { Case } from "../http/adapters/cases.ts";
import { reportDenial, reportHandled, toHotelRequest, withHealth } from "../http/adapters/example-servers.ts";
import { type GuardedServer, listen, type ServerOptions } from "../http/adapters/servers.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";
import type { ChainStage } from "../support/token-stage.ts";
import { ENVIRONMENT } from "./install-example.ts";

const FIRST_HEADER_ONLY = "Next.js passes on only the first Authorization header";
/** What can't be asked of Next.js. */
const NOT_WITH_NEXT: ReadonlyMap<string, string> = new Map([
	["two equal headers", FIRST_HEADER_ONLY],
	["a good header and a bad one", FIRST_HEADER_ONLY],
	["a bad header and a good one", FIRST_HEADER_ONLY],
	["a header and an empty one", FIRST_HEADER_ONLY],
	["a bug of the verifier", "the example creates its own verifier, which has none"],
]);

/** As much of NestJS as is needed to start an application. */
interface Nest {
	readonly NestFactory: { create(module: object, platform: object, options: object): Promise<NestApplication> };
}
interface NestApplication {
	init(): Promise<unknown>;
	getHttpServer(): Server;
	getHttpAdapter(): { getInstance(): { ready?(): Promise<unknown> } };
}
interface NestExample {
	readonly AppModule: { withVerifier(createVerifier: () => Verifier): object };
}

/** Starts nest-guard as it was compiled in its folder, on Nest's `platform`, in this process. */
export async function startNest(
	folder: string,
	platform: "Express" | "Fastify",
	{ verifier, onDenied, onHandled }: ServerOptions,
): Promise<GuardedServer> {
	const load = createRequire(join(folder, "package.json"));
	const { NestFactory } = load("@nestjs/core") as Nest;
	const adapters = load(`@nestjs/platform-${platform.toLowerCase()}`) as Record<string, new () => object>;
	const Adapter = adapters[`${platform}Adapter`] as new () => object;
	const { AppModule } = load("./dist/app.module.js") as NestExample;
	const logger = { log: (fields: object) => reportQuietly(fields, onDenied), error() {}, warn() {} };
	const app = await NestFactory.create(
		AppModule.withVerifier(() => withHealth(verifier)),
		new Adapter(),
		{ logger },
	);
	await app.init();
	await app.getHttpAdapter().getInstance().ready?.();
	return listen(reportHandled(app.getHttpServer(), onHandled));
}

/** The requests of the suite as they are for next-app. */
export function toNextRequest(request: Case): Case | string {
	return NOT_WITH_NEXT.get(request.what) ?? toHotelRequest(request);
}

/** Starts next-app as it was built in its folder, with `next start`, on a chain whose node fails for one organization. */
export async function startNext(
	folder: string,
	{ onDenied }: Pick<ServerOptions, "onDenied">,
	{ network, receiver }: ChainStage,
): Promise<GuardedServer> {
	const node = await startFakeNode((method, params) => {
		if (JSON.stringify(params).includes(UNREACHABLE_ID)) return { status: 503, body: "secret-node.example is down" };
		return passOn(network.rpcUrl, method, params);
	});
	const env = {
		...ENVIRONMENT,
		RPC_URL: node.url,
		CHAIN_ID: String(network.chainId),
		REGISTRY: network.registry.address,
		AUDIENCE: receiver.did,
	};
	const command = [join(folder, "node_modules/next/dist/bin/next"), "start", "--port", "0", "--hostname", "127.0.0.1"];
	const server = spawn(process.execPath, command, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
	const listening = Promise.withResolvers<number>();
	server.once("exit", (code) => listening.reject(new Error(`next start ended with ${code}`)));
	createInterface({ input: server.stdout }).on("line", (line) => {
		const [, port] = /Local: .*:(\d+)$/.exec(line) ?? [];
		if (port !== undefined) listening.resolve(Number(port));
		if (line.startsWith("{")) reportQuietly(JSON.parse(line), onDenied);
	});
	return {
		port: await listening.promise,
		async close() {
			server.kill("SIGKILL");
			await once(server, "exit");
			await node.close();
			await network.close();
		},
	};
}

function reportQuietly(fields: object, onDenied: ServerOptions["onDenied"]): void {
	try {
		reportDenial(fields, onDenied);
	} catch {
		// The suite's log fails on purpose.
	}
}
