import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { keysFromJwks } from "../../../src/tokens/issuer-keys/keys-from-jwks.ts";
import {
	BUSY_HOSTS,
	type FailingHost,
	REFUSING_HOSTS,
	tlsHosts,
	UNREACHABLE_HOSTS,
} from "../../support/failing-hosts.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { describeWithTool } from "../../support/tools.ts";

async function expectDiagnosis({ start, says, details }: FailingHost): Promise<void> {
	const { url, host, close } = await start();
	const lookup = keysFromJwks(url);
	const first = await expectRefusal(() => lookup("12345", undefined), "key/unreachable");
	await close();
	const duringCooldown = await expectRefusal(() => lookup("12345", undefined), "key/unreachable");
	for (const error of [first, duringCooldown]) {
		expect(error.message).toMatch(says);
		expect(error.message).toContain(`the JWK Set can't be fetched: "${host}" `);
		expect(error.details).toEqual({ host, ...details });
		expect(error.cause).toBe(first.cause);
		expect(error.cause).toBeInstanceOf(Error);
		expect(inspect(error, { depth: 9 })).not.toMatch(/secret/);
	}
}

describe("a JWK Set's host that fails", () => {
	it.each([...UNREACHABLE_HOSTS, ...BUSY_HOSTS, ...REFUSING_HOSTS])(
		"$name: the error names host, status or errno, and cause, also during the cooldown",
		expectDiagnosis,
	);
});

describeWithTool("a JWK Set's host over TLS", "openssl", ["version"], (run) => {
	it.each(tlsHosts(run))("with $name: the error says so", expectDiagnosis);
});
