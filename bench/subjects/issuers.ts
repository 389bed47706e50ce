/**
 * Verification while more and more issuers are known, and the memory that they take.
 * @module
 */
import { createVerifier, orgid, type Verifier } from "orgpass";
import { formatFigure } from "../suite/format.ts";
import { type Contender, extentOf, measureRates } from "../suite/measure.ts";
import { AUDIENCE, createMinterOf, mintTokens, startOrganizations } from "../suite/organizations.ts";
import { type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const POOL = 20_000;
/** Look-ups under way together. */
const AT_ONCE = 500;
const MAX_BYTES = 3_072;

/** A verifier that knows so many issuers, and what they take of its memory. */
interface Stage {
	readonly contender: Contender;
	readonly bytesEach: number;
	close(): void;
}

/** Verifies tokens of issuers that are all known, in turn. */
export async function measureIssuers(settings: Settings): Promise<Report> {
	const counts = settings.isQuick ? [10, 100] : [10, 1_000, 100_000];
	const stages: Stage[] = [];
	for (const count of counts) stages.push(await createStage(count, settings.isQuick ? 100 : POOL));
	const contenders = stages.map(({ contender }) => contender);
	const rates = await measureRates(contenders, extentOf(settings));
	for (const stage of stages) stage.close();
	const rows = rates.map((row, index): Row => {
		const { bytesEach = 0 } = stages[index] ?? {};
		return { ...row, cells: { "heap for each issuer": `${formatFigure(bytesEach / 1_024)} KiB` } };
	});
	const [few, many] = [rows[0]?.name ?? "", rows.at(-1)?.name ?? ""];
	return {
		title: "Known issuers",
		text: `One verifier and one resolver that know so many issuers, each with one key, and have verified a token of each. Then tokens
of these issuers are verified in turn; none of them is remembered, so each is verified in full. The memory is what the
process's heap has grown by.`,
		tables: [{ id: "issuers", title: "By the number of known issuers", unit: "tokens/s", base: few, rows }],
		goals: [
			{ ratio: `${many} ÷ ${few}`, value: ratio(rows, many, few), bound: 0.9 },
			{
				ratio: `heap for each of ${many}, in bytes`,
				value: stages.at(-1)?.bytesEach ?? 0,
				bound: MAX_BYTES,
				isLimit: true,
			},
		],
	};
}

async function createStage(count: number, poolSize: number): Promise<Stage> {
	const organizations = await startOrganizations(count);
	const { resolver } = organizations;
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], cache: false });
	const before = heapUsed();
	for (let from = 0; from < count; from += AT_ONCE) await learn(verifier, from, Math.min(from + AT_ONCE, count));
	const bytesEach = (heapUsed() - before) / count;
	const tokens = await mintTokens(poolSize, count);
	let next = 0;
	return {
		contender: {
			name: `${count.toLocaleString("en")} issuers`,
			isOurs: true,
			run: () => verifier.verify(tokens[next++ % poolSize] as string),
		},
		bytesEach,
		close: organizations.close,
	};
}

/** Verifies a token of each issuer from one index to another. */
async function learn(verifier: Verifier, from: number, to: number): Promise<void> {
	const minters = Array.from({ length: to - from }, (_, index) => createMinterOf(from + index));
	await Promise.all(minters.map(async (minter) => verifier.verify(await minter.mint())));
}

function heapUsed(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
