/**
 * A process of its own: measures the subject that its first argument names, and sends the report to its parent. `main.ts`
 * starts it.
 * @module
 */
import { SUBJECTS } from "./suite/subjects.ts";

const [name = "", extent] = process.argv.slice(2);
const load = SUBJECTS[name];
if (load === undefined) throw new Error(`no subject is named ${name}`);
const measure = await load();
const report = await measure({ isQuick: extent === "quick" });
process.send?.(report, () => process.exit());
