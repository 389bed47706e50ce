/** Starts the workers, and replaces those that end. All of them share the port. */
import cluster from "node:cluster";
import { availableParallelism } from "node:os";

const count = Number(process.env["WORKERS"] ?? availableParallelism());
let isStopping = false;

cluster.setupPrimary({ exec: `${import.meta.dirname}/worker.ts` });
for (let started = 0; started < count; started++) cluster.fork();
cluster.on("exit", ({ id }, code, signal) => {
	if (isStopping) return;
	console.error(`worker ${id} has ended (${signal ?? code})`);
	// Not at once, in case they can't start.
	setTimeout(() => isStopping || cluster.fork(), 1_000);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
	process.once(signal, () => {
		isStopping = true;
		for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
	});
}
