/**
 * Keystores of Ethereum and ioctl. A key is derived only within the limits; costly derivations that are allowed are left
 * out here.
 * @module
 */

import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { thumbprint } from "../../../src/keys/thumbprint.ts";
import { readCorpus } from "../corpus.ts";
import { CURVE_KEY, PASSWORD, SECRETS } from "../keys.ts";
import {
	assertClearNames,
	assertSame,
	assertThat,
	attempt,
	documentedCodes,
	parseLoosely,
	type Target,
} from "../target.ts";

const CODES = documentedCodes("keys/import-private-key.ts", "importPrivateKey");
/** The limits: the work of n = 262144, r = 8, p = 1, and as many iterations of PBKDF2. */
const MOST = { work: 2 ** 21, iterations: 1_500_000 };
const QUICK = { work: 2 ** 14, iterations: 10_000 };

export async function createTarget(): Promise<Target> {
	const ivs = readCorpus("keystore").flatMap(({ input }) => /"iv":"\w{32}"/.exec(input.toString())?.[0] ?? []);
	return {
		words: [
			"scrypt",
			"pbkdf2",
			"hmac-sha256",
			"aes-128-ctr",
			"Crypto",
			"crypto",
			"kdfparams",
			"n",
			"r",
			"p",
			"c",
			"prf",
		],
		work: { base: 2_000, perByte: 400 },
		async run(input) {
			const text = input.toString();
			const costs = costsOf(text);
			if (costs.some(isCostly)) return "costly";
			const outcome = await attempt(() => importPrivateKey(text, { password: PASSWORD }), {
				codes: CODES,
				secrets: SECRETS,
			});
			const isTooCostly = costs.length > 0 && costs.every((cost) => cost > 1);
			assertThat(!isTooCostly || ("code" in outcome && outcome.code !== "key/password-wrong"), "the limits don't hold");
			const parsed = parseLoosely(text)?.value;
			if (typeof parsed === "object" && parsed !== null && "value" in outcome) {
				assertClearNames(text);
				const before = JSON.stringify(parsed);
				const key = await importPrivateKey(parsed, { password: PASSWORD });
				assertSame(key.publicKey, outcome.value.publicKey, "a keystore as text and as an object");
				assertSame(JSON.stringify(parsed), before, "a keystore before and after");
				// Without an address, nothing protects the iv.
				const isChecked =
					Boolean((parsed as { readonly address?: unknown }).address) || ivs.some((iv) => text.includes(iv));
				assertThat(!isChecked || thumbprint(key.publicKey) === thumbprint(CURVE_KEY.publicKey), "it is another key");
			}
			return "code" in outcome ? outcome.code : "opened";
		},
	};
}

function isCostly(cost: number): boolean {
	return cost <= 1 && cost > Math.min(QUICK.work / MOST.work, QUICK.iterations / MOST.iterations);
}

/** How much of the limit each set of parameters needs, wherever it is. */
function costsOf(text: string): number[] {
	const costs: number[] = [];
	const parsed = parseLoosely(text);
	if (parsed !== undefined) visit(parsed.value);
	return costs;

	function visit(value: unknown): void {
		if (typeof value !== "object" || value === null) return;
		const { n, r, p, c } = value as Record<string, unknown>;
		if (n !== undefined) costs.push((toNumber(n) * toNumber(r) * toNumber(p)) / MOST.work);
		if (c !== undefined) costs.push(toNumber(c) / MOST.iterations);
		for (const member of Object.values(value)) visit(member);
	}
}

function toNumber(value: unknown): number {
	return typeof value === "number" ? value : Number.NaN;
}
