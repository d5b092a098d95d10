import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { beforeEach, expect, test } from "vitest";
import { PartialFile } from "../core/files/writing/partial-file.ts";
import { extractArchive } from "../core/image/archive/extract-archive.ts";
import { packArchive } from "../core/image/archive/pack-archive.ts";
import { PartialFolder } from "../core/image/archive/partial-folder.ts";
import { writeImage } from "../core/image/test-fixtures.ts";

// Two processes that want the same archive, image set or folder. None of these tests boots a virtual machine.

const tinsmith = join(import.meta.dirname, "../tinsmith");
const imageFiles = ["disk.img", "layer.qcow2", "machine.json"];

/** A new folder that holds an image's files in `image`, and its archive. */
let folder = "";
let archive = "";
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ts-"));
  mkdirSync(join(folder, "image"));
  await writeImage(join(folder, "image"));
  archive = join(folder, "set-setup.tar.lz4");
  await packArchive({ folder: join(folder, "image"), target: archive });
  return () => rmSync(folder, { recursive: true });
});

const options = () =>
  ({ cwd: folder, env: { CI: "true", TINSMITH_HOME: join(folder, "home") }, reject: false }) as const;

function run(...args: string[]): ResultPromise<ReturnType<typeof options>> {
  return execa(tinsmith, args, options());
}

/** A place in a shell script at which it waits until the test lets it continue. */
interface Gate {
  readonly script: string;
  /** Resolves when the script has come to it. */
  reached(): Promise<unknown>;
  open(): Promise<void>;
}

function makeGate(): Gate {
  const [arrival, opening] = [join(folder, "arrival"), join(folder, "opening")];
  execFileSync("mkfifo", [arrival, opening]);
  return {
    script: `echo >${arrival}; read -r line <${opening}`,
    reached: () => readFile(arrival),
    open: () => writeFile(opening, "\n"),
  };
}

function writeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

test("of two rebuilds of an image set the second is told which archive, and who builds it", async () => {
  const gate = makeGate();
  writeProgram(join(folder, "build"), `${gate.script}\nexit 1`);
  writeFileSync(
    join(folder, "recipe.yaml"),
    "guestTools: {build: [./build], binary: tools}\noutputs: {setup: set-setup.tar.lz4, worker: worker.tar.lz4}\n",
  );
  const first = run("rebuild", "worker", "--recipe", folder);
  await gate.reached();
  const second = await run("rebuild", "worker", "--recipe", folder);
  expect(second.stderr.split("\n")).toEqual([
    expect.stringMatching(
      `error: ${folder}/worker.tar.lz4 is already being built: Worker image .* \\(process ${first.pid}\\)$`,
    ),
    "Wait for that build, or cancel it.",
  ]);
  expect(second.exitCode).toBe(5);
  await gate.open();
  expect((await first).stderr).toContain("build failed with exit status 1");
}, 30_000);

test("of two builds to one archive the second is refused, also when it makes another image", async () => {
  const gate = makeGate();
  const qemu = join(folder, "qemu");
  writeProgram(qemu, `case "$1" in --version) ${gate.script}; exit 1 ;; esac\nexec qemu-system-x86_64 "$@"`);
  const output = join(folder, "new.tar.lz4");
  const machine = join(folder, "image/machine.json");
  const { env, ...others } = options();
  const first = execa(tinsmith, ["build", "from-new", machine, output], {
    ...others,
    env: { ...env, TINSMITH_QEMU: qemu },
  });
  await gate.reached();
  const started = [
    run("build", "from-new", machine, output),
    run("build", "from-image", archive, "./image/../new.tar.lz4"),
  ];
  for (const second of await Promise.all(started)) {
    expect(second.stderr).toContain(
      `error: ${output} is already being built: New image ${basename(output)} (process ${first.pid})`,
    );
    expect(second.exitCode).toBe(5);
  }
  await gate.open();
  expect((await first).exitCode).toBe(5);
  expect(existsSync(output)).toBe(false);
}, 30_000);

test("of two packs to one archive the second is told which process packs", async () => {
  const target = join(folder, "new.tar.lz4");
  await using _first = await PartialFile.create(target);
  const second = await run("pack", "image", target);
  expect(second.stderr).toMatch(new RegExp(`error: process ${process.pid} \\(.+\\) is writing ${target}\n`));
  expect(second.stderr).toContain("Wait until that is done, or choose another name.");
  expect(second.exitCode).toBe(5);
}, 30_000);

test("of two extractions to one folder the second is told which process extracts", async () => {
  const out = join(folder, "out");
  mkdirSync(out);
  await using first = await PartialFolder.create(out);
  const second = await run("extract", archive, out);
  expect(second.stderr).toMatch(
    new RegExp(`error: process ${process.pid} \\(.+\\) is extracting to ${out}\n`),
  );
  expect(second.stderr).toContain("Wait until that is done, or choose another folder.");
  expect(second.exitCode).toBe(5);
  expect(existsSync(first.path)).toBe(true);
}, 30_000);

/** Extracts in another process, which waits at a gate when it has opened the folder, and is about to lock it. */
function extractThroughGate(gate: Gate, out: string): ResultPromise<ReturnType<typeof options>> {
  const preload = join(folder, "preload.mjs");
  writeFileSync(
    preload,
    `import { execFileSync } from "node:child_process";
    import fs from "node:fs/promises";
    import { syncBuiltinESMExports } from "node:module";
    const { open } = fs;
    fs.open = async (path, ...options) => {
      const file = await open(path, ...options);
      if (path === ${JSON.stringify(out)}) execFileSync("sh", ["-c", ${JSON.stringify(gate.script)}]);
      return file;
    };
    syncBuiltinESMExports();`,
  );
  const { env, ...others } = options();
  return execa(tinsmith, ["extract", archive, out], {
    ...others,
    env: { ...env, NODE_OPTIONS: `--import=${preload}` },
  });
}

test("an extraction that comes second into a folder that it has made leaves the first one alone", async () => {
  const gate = makeGate();
  const out = join(folder, "out");
  const second = extractThroughGate(gate, out);
  await gate.reached();
  await using first = await PartialFolder.create(out);
  await gate.open();
  expect((await second).stderr).toContain("is extracting to");
  expect(existsSync(first.path)).toBe(true);
}, 30_000);

test("an extraction that finds another one just done leaves its image alone", async () => {
  const gate = makeGate();
  const out = join(folder, "out");
  const second = extractThroughGate(gate, out);
  await gate.reached();
  await extractArchive({ archive, folder: out });
  await gate.open();
  const { stderr, exitCode } = await second;
  expect(stderr).toContain(`error: the folder ${out} is not empty`);
  expect(exitCode).toBe(2);
  expect(readdirSync(out).sort()).toEqual(imageFiles);
}, 30_000);

test("an archive that is replaced while it is extracted is extracted as it was", async () => {
  const disk = join(folder, "image/disk.img");
  const before = await readFile(disk);
  const { digest: old } = await packArchive({ folder: join(folder, "image"), target: archive });
  let replaced = "";
  const { digest } = await extractArchive({
    archive,
    folder: join(folder, "out"),
    onProgress: () => {
      if (replaced) return;
      execFileSync("sh", ["-c", `printf changed | dd of=${disk} conv=notrunc status=none`]);
      const { cwd, env } = options();
      replaced = `${execFileSync(tinsmith, ["pack", "image", archive], { cwd, env: { ...process.env, ...env } })}`;
    },
  });
  expect(digest).toBe(old);
  expect(before.equals(await readFile(join(folder, "out/disk.img")))).toBe(true);
  const next = await extractArchive({ archive, folder: join(folder, "next") });
  expect(replaced).toContain(next.digest);
  expect(next.digest).not.toBe(old);
}, 30_000);
