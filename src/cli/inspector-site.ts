/**
 * The inspector's files as `orgpass inspector` serves them: nothing is written or remembered, and neither other sites nor
 * other users of the machine can read the settings.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { ConfigError } from "../errors/errors.js";

/** What the page reads from settings.json. */
export interface InspectorSettings {
	readonly network?: {
		readonly chainId: number;
		readonly rpcUrl: string;
		readonly registry: string;
		readonly kind: string | undefined;
		readonly isLocal: boolean;
	};
}

/** What is served. */
export interface InspectorSite {
	/** The page's files. */
	readonly folder: string;
	/** The folder of all paths: other users of the machine can reach the server, but don't know it. */
	readonly secret: string;
	readonly settings: InspectorSettings;
	/** The origins that the page may ask. */
	readonly origins: readonly string[];
}

interface SiteFile {
	readonly body: Uint8Array<ArrayBuffer>;
	readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".txt": "text/plain; charset=utf-8",
};

/** Another site whose name leads to this machine (DNS rebinding) sends its own name. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/;

const NOT_FOUND = "There is nothing here. Open the whole URL that the command printed.\n";

/** Creates a handler of requests. */
export function createInspectorSite(site: InspectorSite): (request: Request) => Promise<Response> {
	const { secret } = site;
	const files = readFiles(site.folder, secret);
	files.set(`/${secret}/settings.json`, {
		body: new TextEncoder().encode(JSON.stringify(site.settings)),
		type: "application/json",
	});
	const headers = headersOf(site.origins);
	return async function serveInspector({ method, url, headers: requested }) {
		if (!OWN_HOST.test(requested.get("host") ?? "")) return new Response(null, { status: 421, headers });
		if (method !== "GET" && method !== "HEAD") {
			return new Response(null, { status: 405, headers: { ...headers, allow: "GET, HEAD" } });
		}
		const { pathname } = new URL(url);
		const file = files.get(pathname === `/${secret}/` ? `/${secret}/index.html` : pathname);
		if (file === undefined) return new Response(NOT_FOUND, { status: 404, headers });
		return new Response(method === "HEAD" ? null : file.body, { headers: { ...headers, "content-type": file.type } });
	};
}

/** All files are read at once, so that no request names a path. */
function readFiles(folder: string, secret: string): Map<string, SiteFile> {
	try {
		const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		return new Map(
			paths.map((entry) => {
				const path = join(entry.parentPath, entry.name);
				const type = TYPES[extname(path)] ?? "application/octet-stream";
				const name = relative(folder, path).replaceAll("\\", "/");
				return [`/${secret}/${name}`, { body: new Uint8Array(readFileSync(path)), type }];
			}),
		);
	} catch (cause) {
		throw new ConfigError("config/missing", "expected the inspector's files in dist/inspector: run npm run build", {
			cause,
		});
	}
}

function headersOf(origins: readonly string[]): Readonly<Record<string, string>> {
	const policy = [
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		`connect-src ${["'self'", ...new Set(origins)].join(" ")}`,
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types 'none'",
	];
	return {
		"content-security-policy": policy.join("; "),
		"cache-control": "no-store",
		"cross-origin-opener-policy": "same-origin",
		"cross-origin-resource-policy": "same-origin",
		"referrer-policy": "no-referrer",
		"x-content-type-options": "nosniff",
	};
}
