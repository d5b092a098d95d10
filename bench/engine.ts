import { readFile } from "node:fs/promises";
import { extractArchive } from "../core/image/archive/extract-archive.ts";
import { packArchive } from "../core/image/archive/pack-archive.ts";

// node bench/engine.ts pack FOLDER ARCHIVE | extract ARCHIVE FOLDER
// Does one thing in a process of its own; prints the seconds that it took and the process's most memory in bytes.

const [operation, source = "", target = ""] = process.argv.slice(2);
const start = performance.now();
if (operation === "pack") await packArchive({ folder: source, target });
else await extractArchive({ archive: source, folder: target });
const seconds = (performance.now() - start) / 1000;
const [, peakKilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile("/proc/self/status", "utf8")) ?? [];
process.stdout.write(JSON.stringify({ seconds, memory: Number(peakKilobytes) * 1024 }));
