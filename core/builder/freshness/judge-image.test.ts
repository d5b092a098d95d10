import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { ImageKind } from "../../../shared/library/library.ts";
import { letTimePass } from "../../../tests/let-time-pass.ts";
import { installation } from "../../storage/installation.ts";
import { makeFreshSet } from "./test-fresh-set.ts";

// Only the virtual machine is left out of these builds.
vi.mock("../run-guest.ts", () => ({ runGuest: vi.fn(async () => 1_000) }));

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

type Made = Awaited<ReturnType<typeof makeFreshSet>>;

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
    const made = await makeFreshSet();
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
