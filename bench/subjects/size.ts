/**
 * Verification of tokens of different sizes.
 * @module
 */
import { createFreshContender } from "../suite/fresh-contender.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { mintTokens, startOrganizations } from "../suite/organizations.ts";
import type { Report, Settings } from "../suite/report.ts";

/** The lengths of tokens to come close to; those without extra claims are longer than 0.3 KiB already. */
const LENGTHS = [300, 1_024, 4_096, 8_192];
const ISSUERS = 10;
const POOL = 4_000;
/** Of one entry of the extra claim, in the token. */
const ENTRY_LENGTH = 60;
const WITHOUT_CLAIMS = 660;

/** Verifies fresh tokens whose extra claims make them larger. */
export async function measureSize(settings: Settings): Promise<Report> {
	const size = settings.isQuick ? 2 * ISSUERS : POOL;
	const organizations = await startOrganizations();
	const first = await mintTokens(ISSUERS, ISSUERS);
	const contenders: Contender[] = [];
	for (const length of LENGTHS) {
		const tokens = await mintTokens(size, ISSUERS, extraClaims(length));
		const name = `${((tokens[0]?.length ?? 0) / 1_024).toFixed(1)} KiB`;
		contenders.push(createFreshContender(name, organizations.verifier, { tokens, first }));
	}
	const rows = await measureRates(contenders, extentOf(settings, size));
	organizations.close();
	return {
		title: "Larger tokens",
		text: `Fresh tokens of known issuers, with a list of bookings as an extra claim. The smallest has none: the DIDs of an issuer and
an audience already take ${rows[0]?.name}. A verifier refuses tokens of more than 8 KiB.`,
		tables: [{ id: "size", title: "By the size of the token", unit: "tokens/s", base: rows[0]?.name ?? "", rows }],
	};
}

function extraClaims(length: number): object {
	const count = Math.floor((length - WITHOUT_CLAIMS) / ENTRY_LENGTH);
	if (count <= 0) return {};
	const booking = (_: unknown, index: number): object => ({ room: 1_000 + index, guest: `Guest ${index}`, nights: 3 });
	return { bookings: Array.from({ length: count }, booking) };
}
