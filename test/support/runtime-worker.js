/** A worker that reports; `CONFIG` is put in by the bundler. */
import { report } from "./runtime-report.js";

export async function handle() {
	return Response.json(await report(CONFIG));
}
