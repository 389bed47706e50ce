import { describe, expect, it } from "vitest";
import { createGitHubAppMinter, createIcrAppMinter } from "../../../src/tokens/app/app-minter.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { icrApp } from "../../../src/tokens/app/icr-app.ts";
import { isUuid, toAppId } from "../../../src/tokens/issuer-keys/app-id.ts";
import { keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../../src/tokens/vonage/vonage-minter.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, JTI, RSA_KEYS } from "../../support/token-kinds.ts";

const { privateKey: key, publicKey } = RSA_KEYS;

const IDS: readonly (string | number)[] = [
	...[1, 12345, Number.MAX_SAFE_INTEGER, "1", "12345", "012345", "9007199254740993"],
	...["Iv1.8a61f9b3a7aba766", "Iv23liOrgpass0000001", "12345678901234567e89", "my-app", "app_7", "nullable"],
	...["https://apps.example/7", "urn:app:7", "app@example.com", "_Zk3-x_", "a".repeat(128)],
];

const NO_IDS: Readonly<Record<string, readonly unknown[]>> = {
	quoted: ['"12345"', "'12345'", "`12345`", "“12345”", "«12345»"],
	"with punctuation": ["12345,", "12345;", ",12345", "12345.", "12345:", "12345/", "12,345", "[12345]", "(12345)"],
	"no value as text": [
		"undefined",
		"null",
		"NaN",
		"Infinity",
		"None",
		"nil",
		"NULL",
		"true",
		"false",
		"[object Object]",
	],
	"a variable": ["$APP_ID", "$" + "{APP_ID}", "%APP_ID%", "$env:APP_ID", "{{app_id}}", "<app-id>", "APP_ID=12345"],
	"a variable that wasn't read": ["env:APP_ID", "env.APP_ID", "process.env.APP_ID", "os.environ.APP_ID"],
	"a placeholder": [
		"YOUR_APP_ID",
		"APP_ID",
		"your-client-id",
		"Client_Id",
		"GITHUB_APP_ID",
		"your-app-id-here",
		...["changeme", "TODO", "github_client_id", "YOUR_GITHUB_APP_ID", "app_id_here", "application-id"],
		...["your-app-id", "YOUR_CLIENT_ID", "your_application_id"],
	],
	"no whole number": ["0", "000", "-1", "+12345", "12345.0", "1.5", "1e+21", "*", ".."],
	"no text": [undefined, null, Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 1.5, 2 ** 53, true, 7n, [7], { id: 7 }],
	"an organization's DID": [`did:orgid:100:0x${"0a".repeat(32)}`, "did:orgid:0x0a", "did:web:apps.example"],
	"an account's address": [
		`0x${"0a".repeat(20)}`,
		"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
		"io187wzp08vnhjjpkydnr97qlh8kh0dpkkytfam8j",
	],
	"with other characters": ["", " ", "12 345", "12345\n", "12345\r", "\ufeff12345", "12345\u0000", "１２３４５"],
};
const NO_ID_ROWS = Object.entries(NO_IDS).flatMap(([what, ids]) => ids.map((id) => [what, id] as const));

describe("an app's id", () => {
	it.each(IDS)("can be %j", async (id) => {
		expect(toAppId(id)).toBe(String(id));
		for (const create of [createGitHubAppMinter, createIcrAppMinter]) {
			expect(await create({ key, issuer: id }).mint()).toMatch(/^ey/);
		}
		for (const profile of [githubApp, icrApp, vonage]) {
			expect(profile({ keys: new Map([[id, publicKey]]) }).name).toEqual(expect.any(String));
		}
	});

	it.each(NO_ID_ROWS)("can't be %s: %o", async (_what, id) => {
		expect(toAppId(id)).toBeUndefined();
		for (const create of [createGitHubAppMinter, createIcrAppMinter]) {
			const error = await expectRefusal(() => create({ key, issuer: id as string }), "config/invalid-option");
			expect(error.details).toEqual({ option: "issuer" });
		}
		const applicationId = id as string;
		await expectRefusal(() => createVonageMinter({ key, applicationId }), "config/invalid-option");
		for (const profile of [githubApp, icrApp, vonage]) {
			const keys = new Map([[id as string, publicKey]]);
			const error = await expectRefusal(() => profile({ keys }), "config/invalid-option");
			expect(error.details).toEqual({ option: "keys" });
			const named = { [String(id)]: publicKey, 7: publicKey };
			if (typeof id === "string") await expectRefusal(() => profile({ keys: named }), "config/invalid-option");
		}
		if (id === undefined) return;
		const issuer = id as string;
		await expectRefusal(() => keysFromJwks("https://apps.example/", { issuer }), "config/invalid-option");
	});

	it("that is refused in a map is named", async () => {
		const error = await expectRefusal(() => githubApp({ keys: { '"12345"': publicKey } }), "config/invalid-option");
		expect(error.message).toContain('got ""12345""');
	});
});

describe("isUuid", () => {
	it.each([APP_ID, JTI, "00000000-0000-0000-0000-000000000000", crypto.randomUUID(), APP_ID.toUpperCase()])(
		"accepts %s",
		(text) => {
			expect(isUuid(text)).toBe(true);
		},
	);

	it.each<unknown>([
		"",
		APP_ID.replace("-", "_"),
		APP_ID.replace("-", "0"),
		`${APP_ID} `,
		APP_ID.slice(1),
		`-${APP_ID.slice(1)}`,
		`${APP_ID.slice(0, -1)}g`,
		`${APP_ID.slice(0, -1)}\u0661`,
		36,
		null,
		[APP_ID],
	])("rejects %j", (value) => {
		expect(isUuid(value)).toBe(false);
	});
});
