/** @module */
import type { JsonRpcProvider } from "ethers";
import { invalidOption } from "../options/invalid-option.js";

/** A thousand years. */
const MAX_ADVANCE_SECONDS = 3.2e10;

/** The system's clock, moved forward if the chain's clock is ahead. */
export interface ChainClock {
	/** Seconds since the epoch. */
	readonly now: () => number;
	/** Catches up with the chain's last block. */
	sync(): Promise<void>;
	/** Moves the chain's clock forward. */
	advance(seconds: number): Promise<void>;
}

export function createChainClock(provider: JsonRpcProvider): ChainClock {
	let ahead = 0;
	const now = (): number => Date.now() / 1_000 + ahead;
	async function sync(): Promise<void> {
		const block = await provider.getBlock("latest");
		ahead = Math.max(ahead, (block?.timestamp ?? 0) - Date.now() / 1_000);
	}
	async function advance(seconds: number): Promise<void> {
		if (!(seconds > 0 && seconds <= MAX_ADVANCE_SECONDS)) {
			const expected = `more than 0 and at most ${MAX_ADVANCE_SECONDS}`;
			throw invalidOption("seconds", expected, { subject: "advanceTime" });
		}
		const target = Math.ceil(now() + seconds);
		await provider.send("evm_setNextBlockTimestamp", [target]);
		await provider.send("evm_mine", []);
		await sync();
	}
	return { now, sync, advance };
}
