import { expect, it } from "vitest";
import { isPage, SECTIONS, targetOf, toSitePath } from "../../docs/.vitepress/pages.ts";
import { listDocs, listFiles } from "../../scripts/sources.ts";

it("lists every page of docs and every example in the sidebar, once", () => {
	const examples = listFiles("examples", "README.md").filter((path) => !path.includes("/node_modules/"));
	expect([...listDocs(), ...examples].filter((source) => !isPage(source))).toEqual([]);
	const sources = SECTIONS.flatMap((section) => section.sources);
	expect(new Set(sources.map(toSitePath)).size).toBe(sources.length);
});

it.each([
	["docs/http.md", "errors.md#did/key-revoked", { page: "errors.md", fragment: "#did/key-revoked" }],
	["docs/threats.md", "../SECURITY.md", { page: "security.md", fragment: "" }],
	["README.md", "docs/cli.md", { page: "cli.md", fragment: "" }],
	["docs/index.md", "../README.md", { page: "start.md", fragment: "" }],
	["docs/http.md", "../examples", { page: "examples/index.md", fragment: "" }],
	["examples/README.md", "cluster/README.md", { page: "examples/cluster.md", fragment: "" }],
	["docs/documents.md", "../contracts/SignatureCheck.sol", { file: "contracts/SignatureCheck.sol" }],
	["docs/http.md", "https://elsewhere.example/a.md", undefined],
	["docs/http.md", "#express", undefined],
	["docs/http.md", "/errors.md", undefined],
])("in %s, %s leads to %o", (source, href, target) => {
	expect(targetOf(source, href)).toEqual(target);
});

it("refuses a link to a file that doesn't exist", () => {
	expect(() => targetOf("docs/http.md", "gone.md")).toThrow("docs/http.md: gone.md leads nowhere");
});
