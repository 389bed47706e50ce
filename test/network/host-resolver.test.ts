import { writeFileSync } from "node:fs";
import { mkdtemp, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHostResolver, type HostResolver } from "../../src/network/host-resolver.node.ts";
import { type NameServer, startNameServer } from "../support/name-server.ts";
import { until } from "../support/patient-timers.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
	"docs.example.com A": ["93.184.215.14", "93.184.215.15"],
	"docs.example.com AAAA": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
	"v6.example.com AAAA": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
	"gateway.default.svc.local A": ["10.1.2.3"],
	"docs.example.com.default.svc.local A": ["10.9.9.9"],
	"half.example.com A": ["93.184.215.16"],
};

let server: NameServer;
let folder: string;
let resolveHost: HostResolver;
const open = new AbortController().signal;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

beforeAll(async () => {
	server = await startNameServer((name, type) => {
		if (name.startsWith("slow")) return "silence";
		const isKnown = Object.keys(NAMES).some((known) => known.startsWith(`${name} `));
		return NAMES[`${name} ${type}`] ?? (isKnown ? [] : undefined);
	});
	folder = await mkdtemp(join(tmpdir(), "orgpass-names-"));
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true });
});
beforeEach(() => {
	write("hosts", "");
	write("resolv.conf", "");
	const files = { hostsFile: join(folder, "hosts"), resolverFile: join(folder, "resolv.conf") };
	resolveHost = createHostResolver({ ...files, servers: [server.address] });
});
afterEach(() => {
	server.asked.length = 0;
});

const addressesOf = async (name: string): Promise<readonly string[]> =>
	(await resolveHost(name, open)).map(({ address }) => address);

describe("names of the name servers", () => {
	it("have their addresses of both families, IPv4 first", async () => {
		expect(await resolveHost("docs.example.com", open)).toEqual([
			{ address: "93.184.215.14", family: 4 },
			{ address: "93.184.215.15", family: 4 },
			{ address: "2606:2800:21f:cb07:6820:80da:af6b:8b2c", family: 6 },
		]);
		expect(await addressesOf("v6.example.com")).toHaveLength(1);
		expect(await addressesOf("half.example.com")).toEqual(["93.184.215.16"]);
	});

	it("that don't exist are reported so", async () => {
		await expect(resolveHost("nowhere.example.com", open)).rejects.toMatchObject({ code: "ENOTFOUND" });
	});

	it("whose server never answers are given up when nobody waits", async () => {
		const ending = new AbortController();
		const answer = expect(resolveHost("slow.example.com", ending.signal)).rejects.toMatchObject({ code: "ECANCELLED" });
		await until(() => server.asked.length === 2);
		ending.abort();
		await answer;
	});
});

describe("the hosts file", () => {
	it("comes before the name servers, in any case, with aliases and comments", async () => {
		write(
			"hosts",
			"# 10.0.0.9 docs.example.com\n10.0.0.1\tA.internal docs.EXAMPLE.com # x\n::1 a.internal\nnot-an-ip a.internal\n",
		);
		expect(await addressesOf("Docs.Example.com")).toEqual(["10.0.0.1"]);
		expect(await addressesOf("a.internal")).toEqual(["10.0.0.1", "::1"]);
		expect(await addressesOf("a.internal.")).toEqual(["10.0.0.1", "::1"]);
		expect(server.asked).toEqual([]);
	});

	it("is read again after a change, and may be missing", async () => {
		write("hosts", "10.0.0.1 a.internal");
		expect(await addressesOf("a.internal")).toEqual(["10.0.0.1"]);
		write("hosts", "10.0.0.2 a.internal");
		await utimes(join(folder, "hosts"), 1, 1);
		expect(await addressesOf("a.internal")).toEqual(["10.0.0.2"]);
		await rm(join(folder, "hosts"));
		await expect(resolveHost("a.internal", open)).rejects.toMatchObject({ code: "ENOTFOUND" });
	});

	it.each(["localhost", "a.localhost", "LOCALHOST."])("isn't needed for %s", async (name) => {
		expect(await addressesOf(name)).toEqual(["127.0.0.1", "::1"]);
		expect(server.asked).toEqual([]);
	});
});

describe("the search list", () => {
	it("completes names with fewer dots than ndots first, and others last", async () => {
		write("resolv.conf", "nameserver 10.0.0.53\nsearch nowhere.local default.svc.local.\n");
		expect(await addressesOf("gateway")).toEqual(["10.1.2.3"]);
		expect(server.asked[0]).toMatch(/^gateway\.nowhere\.local /);
		server.asked.length = 0;
		expect(await addressesOf("docs.example.com")).toHaveLength(3);
		expect(server.asked).toHaveLength(2);
	});

	it("is tried first for all short names if ndots says so, and never for absolute ones", async () => {
		write("resolv.conf", "search default.svc.local\noptions timeout:1 ndots:5\n");
		expect(await addressesOf("docs.example.com")).toEqual(["10.9.9.9"]);
		expect(await addressesOf("docs.example.com.")).toHaveLength(3);
	});

	it("may be a domain; the error is that of the name as it is written", async () => {
		write("resolv.conf", "domain default.svc.local\n");
		expect(await addressesOf("gateway")).toEqual(["10.1.2.3"]);
		await expect(resolveHost("nowhere", open)).rejects.toMatchObject({ code: "ENOTFOUND", hostname: "nowhere" });
	});
});
