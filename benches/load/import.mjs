// The same, and the package imported.
import { writeSync } from "node:fs";
import { Cache } from "poche";

if (typeof Cache !== "function") throw new Error("there is no Cache");
const { user, system } = process.cpuUsage();
writeSync(1, String((user + system) / 1000));
