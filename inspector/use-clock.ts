/** @module */
import { useEffect, useState } from "preact/hooks";

const TICK_MS = 1_000;

/** Returns the time in seconds, every second. */
export function useClock(): number {
	const [now, setNow] = useState(Date.now() / 1_000);
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now() / 1_000), TICK_MS);
		return () => clearInterval(timer);
	}, []);
	return now;
}
