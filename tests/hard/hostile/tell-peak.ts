/** Writes the largest memory of its process, in MiB, to the file descriptor 3 when it ends. Loaded before a program with `--import`. */
import { writeSync } from "node:fs";
import { peakMemory } from "../../peak-memory.ts";

process.on("exit", () => writeSync(3, `${peakMemory()}`));
