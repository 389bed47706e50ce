/** What docs/http.md promises to TypeScript: the guards' examples are short, and compile as users compile them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../../scripts/sources.ts";

const PAGE = readFileSync(`${root}/docs/http.md`, "utf8");
const SECTIONS = ["Express", "Fastify", "Hono", "fetch-style handlers", "node:http"];
const PACKAGES = ["@types/node", "express", "fastify", "hono", "zod"];

/** What each framework's handlers know about the token, without a cast. */
const TYPES = {
	express: `
		import express from "express";
		import { bearerAuth } from "orgpass/http/express";
		import * as z from "zod";
		declare const verifier: import("orgpass").Verifier;
		const tenants = bearerAuth({ verifier, claims: z.object({ tenant: z.string() }) });
		const rooms = bearerAuth({ verifier, claims: z.object({ room: z.number() }) });
		const app = express();
		app.get("/rooms/:room", tenants({ optional: true }), (req, res) => {
			const issuer: string | undefined = req.auth?.issuer;
			// @ts-expect-error: anonymous requests have no token.
			const certain: string = req.auth.issuer;
			res.send([issuer, certain, tenants.of(req).claims.tenant, req.params.room.toUpperCase()]);
		});
		const guard: express.RequestHandler = tenants();
		app.use("/api", guard, express.Router().use(rooms()));
		app.get("/both", tenants(), rooms.requires({ scope: "book" }), (req, res) => {
			const tenant: string = tenants.of(req).claims.tenant;
			const room: number = rooms.of(req).claims.room;
			// @ts-expect-error: the other guard's claim.
			res.send([tenant, room, rooms.of(req).claims.tenant]);
		});
	`,
	fastify: `
		import Fastify from "fastify";
		import { bearerAuth } from "orgpass/http/fastify";
		import * as z from "zod";
		declare const verifier: import("orgpass").Verifier;
		const app = Fastify();
		const claims = z.object({ tenant: z.string() });
		await app.register(bearerAuth, {
			verifier,
			claims,
			extractToken: ({ headers }) => headers["x-token"]?.toString(),
			onDenied(denied, { log, url }) {
				// @ts-expect-error: not a member of a denial.
				log.info({ status: denied.status.toFixed(), path: url.toUpperCase(), token: denied.token });
			},
		});
		// @ts-expect-error: not an option.
		await app.register(bearerAuth, { verifier, audience: "hotel" });
		app.get<{ Params: { room: string } }>("/rooms/:room", { onRequest: app.bearer({ optional: true }) }, (request) => {
			const issuer: string | undefined = request.auth?.issuer;
			// @ts-expect-error: anonymous requests have no token.
			const certain: string = request.auth.issuer;
			const tenant: string = app.bearer.of(request, claims).claims.tenant;
			// @ts-expect-error: a claim that isn't in the schema.
			return [issuer, certain, tenant, request.params.room, app.bearer.of(request, claims).claims.room];
		});
	`,
	hono: `
		import { Hono } from "hono";
		import { bearerAuth } from "orgpass/http/hono";
		import * as z from "zod";
		declare const verifier: import("orgpass").Verifier;
		const auth = bearerAuth({ verifier, claims: z.object({ tenant: z.string() }) });
		const app = new Hono<{ Variables: { other: number } }>();
		app.get("/rooms/:room", auth(), (c) => {
			const tenant: string = c.var.auth.claims.tenant;
			const room: string = c.req.param("room");
			return c.json([tenant, room, c.var.other.toFixed()]);
		});
		// @ts-expect-error: anonymous requests have no token.
		app.get("/", auth({ optional: true }), (c) => c.text(c.var.auth.issuer));
	`,
	fetch: `
		import { bearerAuth } from "orgpass/http/fetch";
		import * as z from "zod";
		declare const verifier: import("orgpass").Verifier;
		const auth = bearerAuth({ verifier, claims: z.object({ tenant: z.string() }) });
		interface Context { params: Promise<{ room: string }> }
		export const GET: (request: Request, context: Context) => Promise<Response> = auth()(
			async (_request, { claims }, { params }: Context) => Response.json([claims.tenant, (await params).room]),
		);
		class FrameworkRequest extends Request { cookies = new Map<string, string>() }
		export const PUT: (request: FrameworkRequest) => Promise<Response> = auth()(
			({ cookies }: FrameworkRequest, { claims }) => new Response(cookies.get(claims.tenant)),
		);
		// @ts-expect-error: anonymous requests have no token.
		export const POST = auth({ optional: true })((_request, { issuer }) => new Response(issuer));
	`,
	node: `
		import { createServer } from "node:http";
		import { bearerAuth } from "orgpass/http/node";
		import * as z from "zod";
		declare const verifier: import("orgpass").Verifier;
		const auth = bearerAuth({ verifier, claims: z.object({ tenant: z.string() }) });
		createServer(auth()((_request, response, { claims }) => response.end(claims.tenant.toUpperCase())));
		// @ts-expect-error: anonymous requests have no token.
		createServer(auth({ optional: true })((_request, response, { issuer }) => response.end(issuer)));
	`,
};

it.each(SECTIONS)("%s: guarding a route takes at most five lines", (section) => {
	const [block = ""] = blocksOf(PAGE.split(`\n## ${section}\n`)[1] ?? "");
	const lines = block.split("\n").filter((line) => /auth|bearer|issuer/i.test(line));
	expect(lines.length).toBeGreaterThan(2);
	expect(lines.length).toBeLessThanOrEqual(5);
});

it.each([
	["typescript", "nodenext", "nodenext", "@types/express"],
	["typescript-7", "nodenext", "nodenext", "@types/express"],
	["typescript-7", "esnext", "bundler", "@types/express"],
	["typescript-7", "nodenext", "nodenext", "express4-types"],
])("%s compiles the page's examples and each handler's token: %s, %s, %s", (compiler, module, resolution, express) => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-types-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const link = (name: string, target: string): void => {
		mkdirSync(dirname(`${folder}/node_modules/${name}`), { recursive: true });
		symlinkSync(target, `${folder}/node_modules/${name}`);
	};
	link("orgpass", root);
	for (const name of PACKAGES) link(name, `${root}/node_modules/${name}`);
	const [setup = "", ...examples] = blocksOf(PAGE);
	const files = [...examples.map((example) => setup + example), ...Object.values(TYPES)];
	for (const [at, text] of files.entries()) writeFileSync(`${folder}/${at}.ts`, text);
	const paths = { express: [`${root}/node_modules/${express}/index.d.ts`] };
	const compilerOptions = {
		module,
		moduleResolution: resolution,
		paths,
		target: "es2022",
		strict: true,
		exactOptionalPropertyTypes: true,
		noUncheckedIndexedAccess: true,
		skipLibCheck: true,
		noEmit: true,
		types: ["node"],
	};
	writeFileSync(`${folder}/package.json`, '{"type":"module"}');
	writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
	const tsc = `${root}/node_modules/${compiler}/bin/tsc`;
	const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--listFiles"], { encoding: "utf8" });
	const lines = stdout.trim().split("\n");
	expect(lines.filter((line) => !line.startsWith("/"))).toEqual([]);
	expect(lines.filter((line) => /\/express(?:4-types)?\/index\.d\.ts$/.test(line))).toHaveLength(1);
});

/** The TypeScript blocks of a page, the setup first; the examples' own tests compile the others. */
function blocksOf(text: string): string[] {
	return [...text.matchAll(/^```ts(?: setup)?\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
}
