/**
 * The files of `test/` that may set timers or read a clock, and why. A test that needs time to pass lets it pass
 * (`test/support/patient-timers.ts`), and one that needs a time of now asks for it (`test/support/system-clock.ts`).
 * @module
 */
import type { AllowedTimes } from "./test-times.ts";

export const ALLOWED_TIMES: Readonly<Record<string, AllowedTimes>> = {
	"test/support/patient-timers.ts": {
		uses: ["setTimeout"],
		reason: "replaces the timers, so that tests need none",
	},
	"test/support/patient-page.ts": {
		uses: ["setTimeout"],
		reason: "replaces the timers of pages",
	},
	"test/support/system-clock.ts": {
		uses: ["Date.now"],
		reason: "the times in tokens that verifiers and programs judge by the system's clock",
	},
	"test/support/pass-seconds.ts": {
		uses: ["performance.now"],
		reason: "sets the monotonic clock ahead of the real one, which goes on",
	},
	"test/support/node-cluster.ts": {
		uses: ["performance.now"],
		reason: "stops the monotonic clock where it is",
	},
	"test/support/duration.ts": {
		uses: ["process.threadCpuUsage"],
		reason: "compares work with other work by the processor time it takes, which other programs don't add to",
	},
	"test/support/skipped-pauses.ts": {
		uses: ["setTimeout"],
		reason: "has pauses end at once",
	},
	"test/fuzz/main.ts": {
		uses: ["Date.now", "performance.now", "setInterval"],
		reason: "a program of its own, which takes a seed from the clock and ends an input that hangs",
	},
	"test/fuzz/worker.ts": {
		uses: ["performance.now"],
		reason: "a program of its own, which searches for as long as it is told",
	},
	"test/fuzz/skip-pauses.ts": {
		uses: ["setTimeout"],
		reason: "replaces the timer, so that no pause takes time",
	},
	"test/inspector/static-host.slow.test.ts": {
		uses: ["setTimeout"],
		reason: "runs in the browser, which reports a violation some time after the request that it stopped",
	},
	"test/interop/peers/ethers5/driver.ts": {
		uses: ["Date.now"],
		reason: "a program of its own, which checks exp by the system's clock as its users do",
	},
	"test/interop/peers/org-id-auth/driver.ts": {
		uses: ["Date.now"],
		reason: "a program of its own: it has the SDK read seconds where it expects milliseconds",
	},
	"test/wild/vendors/icr.ts": { uses: ["Date.now"], reason: "a sample, as the vendor shows it" },
	"test/wild/vendors/vonage.ts": { uses: ["Date.now"], reason: "a sample, as the vendor shows it" },
};
