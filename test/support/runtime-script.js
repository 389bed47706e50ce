/** A script that reports; its argument is the configuration. */
import { report } from "./runtime-report.js";

process.stdout.write(JSON.stringify(await report(JSON.parse(process.argv[2]))));
