import { expect, it } from "vitest";
import { withWithheldMethods } from "../../src/did/withheld-methods.ts";
import { deepFreeze } from "../support/deep-freeze.ts";

const [own, other] = ["#own", "#other"].map((id) => ({ id, type: "x", controller: "did:x" })) as [Method, Method];
type Method = { readonly id: string; readonly type: string; readonly controller: string };

it("withheld methods come after those of the document, in both lists", () => {
	const withheld = deepFreeze({ verificationMethod: [other], authentication: ["#other"] });
	const document = deepFreeze({ id: "did:x", verificationMethod: [own], authentication: ["#own"] });
	expect(withWithheldMethods({ ...document }, withheld)).toEqual({
		...document,
		...{ verificationMethod: [own, other], authentication: ["#own", "#other"] },
	});
	expect(withWithheldMethods({ id: "did:x" }, withheld)).toEqual({ id: "did:x", ...withheld });
});

it("a document from which nothing is withheld stays the same", () => {
	const document = { id: "did:x" };
	expect(withWithheldMethods(document, undefined)).toBe(document);
});
