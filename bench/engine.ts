import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { extractArchive } from "../core/image/archive/extract-archive.ts";
import { copyLayer, openImage } from "../core/image/archive/open-image.ts";
import { packArchive } from "../core/image/archive/pack-archive.ts";
import { findPaths } from "../core/storage/paths.ts";

// node bench/engine.ts pack FOLDER ARCHIVE | extract ARCHIVE FOLDER | open ARCHIVE FOLDER
// Does one thing in a process of its own; prints the seconds that it took and the process's most memory in bytes.

const [operation, source = "", target = ""] = process.argv.slice(2);
const start = performance.now();
if (operation === "pack") await packArchive({ folder: source, target });
else if (operation === "extract") await extractArchive({ archive: source, folder: target });
else {
  // As a build or run makes its disk, with a home of its own in the folder.
  const paths = findPaths({ TINSMITH_HOME: resolve(target) });
  using image = await openImage(paths, { archive: resolve(source), ownFolder: join(target, "own") });
  copyLayer(image.emptyLayer, join(target, "layer.qcow2"));
}
const seconds = (performance.now() - start) / 1000;
const [, peakKilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile("/proc/self/status", "utf8")) ?? [];
process.stdout.write(JSON.stringify({ seconds, memory: Number(peakKilobytes) * 1024 }));
