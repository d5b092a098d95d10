import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { describeChanges } from "../../../shared/library/describe-changes.ts";
import type { ImageKind } from "../../../shared/library/library.ts";
import type { BuildEvent } from "../../../shared/session/build.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { writeImage } from "../../image/test-fixtures.ts";
import { readImageSet } from "../../image-set/image-set.ts";
import { installation } from "../../storage/installation.ts";
import { findPaths } from "../../storage/paths.ts";
import { rebuildSetup, rebuildWorker } from "../rebuild-images.ts";
import { runGuest } from "../run-guest.ts";
import { judgeRebuild } from "./judge-rebuild.ts";

// Only the virtual machine is left out of these builds.
vi.mock("../run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));

const recipe = `cd: [setup.sh, lib]
iso: {build: [./make-iso, "a"], inputs: [parts], env: [ISO_KIND]}
install: [{type: poweroff}]
guestTools: {build: [compile, -O1], inputs: [src], env: [CFLAGS_OF_TEST], binary: out/tools, run: [a]}
`;

/** Bytes of a file whose digest is kept from one process to the next. */
const large = 400 * 1024;

/** A program that does nothing but what its lines say. */
const script = (...lines: string[]) => ["#!/bin/sh", ...lines, ""].join("\n");

/** An image set with all kinds of inputs, and programs of its own on the PATH. */
async function makeSet(text = recipe) {
  const home = mkdtempSync(join(tmpdir(), "freshness-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true });
  });
  const folder = join(home, "small");
  const programs = join(home, "programs");
  for (const path of ["src", "parts", "out"]) mkdirSync(join(folder, path), { recursive: true });
  mkdirSync(programs);
  const write = (path: string, content: string) => writeFileSync(join(folder, path), content);
  const program = (path: string, content: string) => {
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  };
  write("recipe.yaml", text);
  write("machine.json", '{"version": 1}');
  for (const path of ["setup.sh", "lib"]) write(path, `original of ${path}`);
  for (const path of ["src/main.c", "parts/one"]) write(path, path.repeat(large / 10));
  program(join(folder, "make-iso"), script('cat parts/* >"$2"'));
  program(
    join(programs, "compile"),
    script('cat src/* >out/tools; printf "%s" "$CFLAGS_OF_TEST" >>out/tools'),
  );
  program(join(programs, "qemu"), script("exit 1", "#".repeat(large)));
  program(join(programs, "xorriso"), script('exec /usr/bin/xorriso "$@"'));
  vi.stubEnv("PATH", [programs, process.env.PATH].join(delimiter));
  vi.stubEnv("TINSMITH_QEMU", join(programs, "qemu"));
  vi.stubEnv("CFLAGS_OF_TEST", "-g");
  vi.stubEnv("ISO_KIND", "small");
  const paths = findPaths({ TINSMITH_HOME: join(home, "home") });
  const set = readImageSet(folder);
  mkdirSync(join(home, "image"));
  await writeImage(join(home, "image"));
  await packArchive({ folder: join(home, "image"), target: set.setupImage });
  const plan = (image: ImageKind, options: { force?: boolean } = {}) =>
    makePlan({ kind: "rebuild", image, folder, ...options });
  const events: BuildEvent[] = [];
  const build = (image: ImageKind, signal = new AbortController().signal, options = {}) => {
    const context = { paths, signal, onEvent: (event: BuildEvent) => void events.push(event) };
    return (image === "setup" ? rebuildSetup : rebuildWorker)(
      readImageSet(folder),
      plan(image, options),
      context,
    );
  };
  const judge = (image: ImageKind) => judgeRebuild(plan(image), paths);
  const whyStale = async (image: ImageKind) => describeChanges((await judge(image)).changed);
  return { home, paths, folder, programs, set, write, build, judge, whyStale, events };
}

/** Changes something and can undo it. */
interface Change {
  readonly what: string;
  /** The cause that has to be named. */
  readonly cause: string;
  readonly apply: () => () => void;
}

/** Replaces a file's content by another of the same size and time of change. */
function edit(path: string): Change["apply"] {
  return () => {
    const { mtime, atime } = statSync(path);
    const before = readFileSync(path);
    const after = Buffer.from(before);
    const last = after.length - 2;
    after.writeUInt8(after.readUInt8(last) ^ 1, last);
    const put = (content: Buffer) => {
      writeFileSync(path, content);
      utimesSync(path, atime, mtime);
    };
    put(after);
    return () => put(before);
  };
}

function variable(name: string, value: string | undefined): Change["apply"] {
  return () => {
    const before = process.env[name];
    vi.stubEnv(name, value);
    return () => void vi.stubEnv(name, before);
  };
}

type Made = Awaited<ReturnType<typeof makeSet>>;

function replaceIn({ folder, write }: Made, path: string, from: string, to: string): Change["apply"] {
  return () => {
    const before = readFileSync(join(folder, path), "utf8");
    expect(before).toContain(from);
    write(path, before.replace(from, to));
    return () => write(path, readFileSync(join(folder, path), "utf8").replace(to, from));
  };
}

function appear(path: string): Change["apply"] {
  return () => {
    writeFileSync(path, "");
    return () => rmSync(path);
  };
}

const anotherVersion: Change = {
  what: "another version of Tinsmith",
  cause: "Tinsmith",
  apply: () => {
    const { version } = installation;
    const set = (value: string) => void Object.assign(installation, { version: value });
    set("99.0.0");
    return () => set(version);
  },
};

function changesOf(made: Made, image: ImageKind): readonly Change[] {
  const { folder, programs, set } = made;
  const file = (path: string, cause: string): Change => ({
    what: path,
    cause,
    apply: edit(join(folder, path)),
  });
  const program = (name: string, cause: string): Change => ({
    ...{ what: name, cause },
    apply: edit(join(programs, name)),
  });
  const inRecipe = (from: string, to: string, cause = "recipe.yaml"): Change => ({
    ...{ what: `${from} in the recipe`, cause },
    apply: replaceIn(made, "recipe.yaml", from, to),
  });
  const common = [program("qemu", "QEMU"), anotherVersion];
  if (image === "setup")
    return [
      ...common,
      file("machine.json", "machine.json"),
      file("parts/one", "parts"),
      file("make-iso", "./make-iso"),
      { what: "a new part", cause: "parts", apply: appear(join(folder, "parts/two")) },
      { what: "ISO_KIND", cause: "ISO_KIND", apply: variable("ISO_KIND", "large") },
      inRecipe("poweroff", "halt"),
      inRecipe('"a"', '"b"', "install ISO"),
      { what: "the archive", cause: "archive", apply: edit(set.setupImage) },
    ];
  return [
    ...common,
    file("setup.sh", "setup.sh"),
    file("lib", "lib"),
    file("src/main.c", "src"),
    { what: "a new source", cause: "src", apply: appear(join(folder, "src/new.h")) },
    program("compile", "compile"),
    program("xorriso", "xorriso"),
    { what: "CFLAGS_OF_TEST", cause: "CFLAGS_OF_TEST", apply: variable("CFLAGS_OF_TEST", "") },
    { what: "no CFLAGS_OF_TEST", cause: "CFLAGS_OF_TEST", apply: variable("CFLAGS_OF_TEST", undefined) },
    inRecipe("-O1", "-O2"),
    inRecipe("run: [a]", "run: [b]"),
    { what: "the setup image", cause: "setup image", apply: edit(set.setupImage) },
    { what: "the archive", cause: "archive", apply: edit(set.workerImage) },
  ];
}

test.each(["setup", "worker"] as const)(
  "after any changes a %s image is stale, for just these causes; after all are undone it is up to date",
  async (image) => {
    const made = await makeSet();
    await made.build(image);
    const changes = changesOf(made, image);
    const names = async () => (await made.judge(image)).changed.map(({ name }) => name);
    // Digests of large files are kept only when these have not changed just now.
    await letTimePass(2_100);
    expect(await names()).toEqual([]);
    expect(readFileSync(made.paths.digests, "utf8").match(/"digest"/g)?.length).toBeGreaterThan(1);
    const some = fc.uniqueArray(fc.constantFrom(...changes), { selector: ({ what }) => what, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(some, async (chosen) => {
        const undo = chosen.map(({ apply }) => apply());
        try {
          expect(new Set(await names())).toEqual(new Set(chosen.map(({ cause }) => cause)));
        } finally {
          for (const one of undo.reverse()) one();
        }
        expect(await names()).toEqual([]);
      }),
      { numRuns: 60, examples: changes.map((change) => [[change]]) },
    );
  },
);

test("a build that fails or is cancelled leaves an image as stale as before", async () => {
  const { build, write, whyStale } = await makeSet();
  await build("worker");
  write("setup.sh", "edited");
  vi.mocked(runGuest).mockRejectedValueOnce(new Error("the guest failed"));
  await expect(build("worker")).rejects.toThrow("the guest failed");
  expect(await whyStale("worker")).toBe("setup.sh changed");
  const cancelling = new AbortController();
  vi.mocked(runGuest).mockImplementationOnce(async () => {
    cancelling.abort();
    throw cancelling.signal.reason;
  });
  await expect(build("worker", cancelling.signal)).rejects.toThrow();
  expect(await whyStale("worker")).toBe("setup.sh changed");
  await build("worker");
  expect(await whyStale("worker")).toBe("");
});

test("an archive that is gone, or whose record is gone, damaged or a newer version's, is not up to date", async () => {
  const { build, paths, set, whyStale } = await makeSet();
  expect(await whyStale("worker")).toBe("the archive is missing");
  await build("worker");
  const [name = ""] = readdirSync(paths.builds);
  const record = join(paths.builds, name);
  const text = readFileSync(record, "utf8");
  writeFileSync(record, text.slice(0, 100));
  expect(await whyStale("worker")).toBe("the archive has a damaged build record");
  writeFileSync(record, text.replace(/"version": \d+/, '"version": 99'));
  expect(await whyStale("worker")).toBe("the archive has a build record of a newer Tinsmith");
  rmSync(record);
  expect(await whyStale("worker")).toBe("the archive was not built here");
  writeFileSync(record, text);
  expect(await whyStale("worker")).toBe("");
  rmSync(set.workerImage);
  expect(await whyStale("worker")).toBe("the archive is missing");
});

test("an image that an earlier version built is stale, and the inputs that it did not record are named", async () => {
  const { build, paths, whyStale } = await makeSet();
  await build("worker");
  const [name = ""] = readdirSync(paths.builds);
  const path = join(paths.builds, name);
  const known = JSON.parse(readFileSync(path, "utf8"));
  const earlier = ["recipe", "cd-file", "setup-image"];
  known.record.inputs = known.record.inputs.filter(({ kind }: { kind: string }) => earlier.includes(kind));
  writeFileSync(path, JSON.stringify({ ...known, version: 2 }));
  expect(await whyStale("worker")).toBe(
    "compile, CFLAGS_OF_TEST, src, setup image, QEMU, xorriso, Tinsmith were not recorded by an earlier version of Tinsmith",
  );
});

test("guest tools of unknown sources are built and compared: nothing else is done when they are the same", async () => {
  const made = await makeSet(recipe.replace("inputs: [src], ", ""));
  const { build, write, whyStale, events, set } = made;
  const steps = () =>
    events.splice(0).flatMap((event) => (event.type === "step-started" ? [event.step] : []));
  const first = await build("worker");
  expect(steps()).toContain("pack");
  expect(await whyStale("worker")).toBe("guest tools can't be known before a build");
  const second = await build("worker");
  expect(events.at(-1)).toMatchObject({ type: "build-finished", upToDate: { inputs: 10 } });
  expect(steps()).toEqual(["guest-tools"]);
  expect(second).toMatchObject({ path: set.workerImage, digest: first.digest });
  await build("worker", undefined, { force: true });
  expect(steps()).toContain("pack");
  write("src/main.c", "other sources");
  await build("worker");
  expect(steps()).toContain("pack");
  write("setup.sh", "edited");
  expect(await whyStale("worker")).toBe("setup.sh changed; guest tools can't be known before a build");
  await build("worker");
  expect(steps()).toContain("pack");
});

test("a build command gets the variables that the recipe names, and of others only those of the host", async () => {
  const { programs, folder, build, whyStale } = await makeSet();
  vi.stubEnv("GOFLAGS", "-race");
  writeFileSync(join(programs, "compile"), script("env >out/tools"));
  await build("worker");
  const seen = readFileSync(join(folder, "out/tools"), "utf8");
  expect(seen).toMatch(/^CFLAGS_OF_TEST=-g$/m);
  expect(seen).toMatch(/^PATH=/m);
  expect(seen).toMatch(/^LC_ALL=C\.UTF-8$/m);
  expect(seen).not.toMatch(/^(GOFLAGS|ISO_KIND|TINSMITH_QEMU)=/m);
  vi.stubEnv("GOFLAGS", undefined);
  expect(await whyStale("worker")).toBe("");
});
