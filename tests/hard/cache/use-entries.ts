import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOrMakeEntry } from "../../../core/cache/make-entry.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { letTimePass } from "../../let-time-pass.ts";

// use-entries.ts TIMES
// Uses entries of the cache again and again, makes those that are not there, and prints how often it has made one.

const [times = ""] = process.argv.slice(2);
const paths = findPaths();
let made = 0;

for (let use = 0; use < Number(times); use += 1) {
  const key = `entry-${Math.floor(Math.random() * 4)}`;
  const make = async (folder: string) => {
    made += 1;
    writeFileSync(join(folder, "file"), key.padEnd(2 ** 16, "."));
  };
  using entry = await findOrMakeEntry(paths, { kind: "image", key, what: key, make });
  const expected = key.padEnd(2 ** 16, ".");
  for (let look = 0; look < 3; look += 1) {
    if (readFileSync(join(entry.folder, "file"), "utf8") !== expected) throw new Error(`${key} has changed`);
    await letTimePass(Math.random() * 5);
  }
}
process.stdout.write(`${made}`);
