import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { interleavedPairs, judgedPairs } from "./figures.ts";
import { makeProgramImage } from "./sample-image.ts";

// node bench/contents.ts [ROUNDS] [NAME]
// Looks into images of 1 GiB with 300 MB of programs beside the commands that are replaced: lz4 and tar, debugfs, grep and
// diff. Ours are whole commands, with the start of Node. NAME is a part of the name of a comparison: only such ones are made.

const rounds = Number(process.argv[2] ?? 5);
const chosen = process.argv[3] ?? "";
const project = join(import.meta.dirname, "..");
const folder = await mkdtemp(join(tmpdir(), "tinsmith-bench-"));
const text = "GNU General Public License";

/** Seconds that a script takes. The folders `out` and `fresh` are empty before. */
async function time(script: string, env: Readonly<Record<string, string>> = {}): Promise<number> {
  await rm(join(folder, "out"), { recursive: true, force: true });
  await rm(join(folder, "fresh"), { recursive: true, force: true });
  await mkdir(join(folder, "out"));
  // Data that others wrote must not be written to the disk during our measurement.
  await execa("sync");
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const start = performance.now();
  await execa("sh", ["-ec", script], { cwd: folder, env: { PATH: path, ...env }, stdout: "ignore" });
  return (performance.now() - start) / 1000;
}

/** A command of ours: its exit status is 1 when images differ. @param home its state: `fresh` has none */
const ours = (args: string, home: "fresh" | "home") => () =>
  time(`"${project}/tinsmith" ${args} || test $? -eq 1`, { TINSMITH_HOME: join(folder, home) });
const theirs = (script: string) => () => time(script);

/** Takes all files out of a disk. */
const dump = (disk: string, to: string) => `mkdir ${to}; debugfs -R 'rdump / ${to}' ${disk} 2>/dev/null`;

const comparisons = [
  {
    name: "the first tree, beside lz4 -d | tar x and debugfs ls",
    ours: ours("ls-image one.tar.lz4:/disk.img/usr/bin", "fresh"),
    theirs: theirs("lz4 -q -dc one.tar.lz4 | tar -xf - -C out; debugfs -R 'ls -l /usr/bin' out/disk.img"),
  },
  {
    name: "a search in contents, beside debugfs rdump and grep -r",
    ours: ours(`search-image one.tar.lz4 --content "${text}"`, "home"),
    theirs: theirs(`${dump("one/disk.img", "out/one")}; grep -rl "${text}" out || true`),
  },
  {
    name: "a diff, beside two debugfs rdumps and diff -r",
    ours: ours("diff one.tar.lz4 two.tar.lz4", "home"),
    theirs: theirs(
      `${dump("one/disk.img", "out/one")}; ${dump("two/disk.img", "out/two")}; diff -rq out/one out/two || true`,
    ),
  },
];

try {
  await makeProgramImage(join(folder, "one"));
  await time(
    "cp -r --sparse=always one two; date >changed; debugfs -w -R 'write changed changed' two/disk.img 2>/dev/null",
  );
  for (const image of ["one", "two"]) {
    await ours(`pack ${image} ${image}.tar.lz4`, "home")();
    // It unpacks the disk into the cache, as the search and the diff do the first time.
    await ours(`ls-image -R ${image}.tar.lz4:/disk.img`, "home")();
  }
  for (const { name, ours, theirs } of comparisons.filter(({ name }) => name.includes(chosen)))
    process.stdout.write(
      `${name}: ${judgedPairs(await interleavedPairs(rounds, ours, theirs), 0.5, "at most")}\n`,
    );
} finally {
  await rm(folder, { recursive: true });
}
