import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { newHome } from "../session/serve/test-session.ts";
import type { Paths } from "../storage/paths.ts";
import { discardEntry, entryFolder, findEntry, partialFolder } from "./find-entry.ts";
import { type EntryRequest, findOrMakeEntry } from "./make-entry.ts";

const name = { kind: "state", key: "a-key" } as const;

function request(changed: Partial<EntryRequest> = {}): EntryRequest {
  const make = async (folder: string) => writeFileSync(join(folder, "file"), "content", { mode: 0o600 });
  return { ...name, what: "the state of a test", make, ...changed };
}

function content(folder: string): string {
  return readFileSync(join(folder, "file"), "utf8");
}

/** The names in the folder of all entries of the kind. */
function namesIn(paths: Paths): readonly string[] {
  return readdirSync(dirname(entryFolder(paths, name)));
}

/** Another process makes the entry, and never gets done. */
async function startMaker(paths: Paths) {
  const script = `
    import { writeSync } from "node:fs";
    import { findOrMakeEntry } from ${JSON.stringify(join(import.meta.dirname, "make-entry.ts"))};
    import { writeFileSync } from "node:fs";
    process.stdin.resume();
    const make = async (folder) => {
      writeFileSync(folder + "/half", "half");
      writeSync(1, "making");
      await new Promise(() => {});
    };
    await findOrMakeEntry(${JSON.stringify(paths)}, { ...${JSON.stringify(name)}, what: "a state", make });`;
  const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e"];
  const child = spawn(process.execPath, [...options, script], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  await once(child.stdout, "data");
  return { child, ended };
}

test("an entry is made once, and found from then on, with the files' modes as they were made", async () => {
  const paths = newHome();
  expect(await findEntry(paths, name)).toBeUndefined();
  const make = vi.fn(request().make);
  using made = await findOrMakeEntry(paths, request({ make }));
  using found = await findOrMakeEntry(paths, request({ make }));
  expect(make).toHaveBeenCalledTimes(1);
  expect(found.folder).toBe(made.folder);
  expect(content(found.folder)).toBe("content");
  expect(statSync(join(found.folder, "file")).mode & 0o777).toBe(0o600);
  expect(statSync(found.folder).mode & 0o777).toBe(0o700);
  expect(namesIn(paths)).toEqual(["a-key"]);
});

type Change = readonly [what: string, change: (folder: string) => void];
const foreign: readonly Change[] = [
  ["a folder of another user", (folder) => chownSync(folder, 65_534, 65_534)],
  ["a file of another user", (folder) => chownSync(join(folder, "file"), 65_534, 65_534)],
];
const changes: readonly Change[] = [
  ["a folder that others can write to", (folder) => chmodSync(folder, 0o777)],
  [
    "a file that others can write to",
    (folder) => {
      chmodSync(folder, 0o755);
      chmodSync(join(folder, "file"), 0o620);
    },
  ],
  // Only root can give files away.
  ...(process.getuid?.() === 0 ? foreign : []),
];

test.each(changes)(
  "an entry with %s is made anew, with a note, even if its files are right",
  async (_what, change) => {
    const paths = newHome();
    const made = await findOrMakeEntry(paths, request());
    made[Symbol.dispose]();
    change(made.folder);
    const make = vi.fn(request().make);
    const onNote = vi.fn();
    using again = await findOrMakeEntry(paths, request({ make, onNote, isRight: async () => true }));
    expect(make).toHaveBeenCalledTimes(1);
    expect(statSync(again.folder)).toMatchObject({ uid: process.getuid?.(), mode: 0o40700 });
    expect(onNote.mock.calls).toEqual([
      [
        "In the cache, the state of a test belongs to another user, or can be changed by one. Tinsmith has deleted it.",
      ],
    ]);
  },
);

test("files that others could write to, but not reach, are used", async () => {
  const paths = newHome();
  const make = async (folder: string) => {
    writeFileSync(join(folder, "file"), "content");
    chmodSync(join(folder, "file"), 0o666);
  };
  (await findOrMakeEntry(paths, request({ make })))[Symbol.dispose]();
  using found = await findEntry(paths, name);
  expect(found).toBeDefined();
});

test("the use of an entry is noted as its folder's time", async () => {
  const paths = newHome();
  const { folder, ...made } = await findOrMakeEntry(paths, request());
  utimesSync(folder, 0, 0);
  made[Symbol.dispose]();
  expect(statSync(folder).mtimeMs).toBeGreaterThan(1e12);
  utimesSync(folder, 0, 0);
  using _found = await findEntry(paths, name);
  expect(statSync(folder).mtimeMs).toBeGreaterThan(1e12);
});

test("of several that want the same entry at once, one makes it, and the others wait", async () => {
  const paths = newHome();
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const make = vi.fn(async (folder: string) => {
    begun.resolve();
    await go.promise;
    await request().make(folder);
  });
  const first = findOrMakeEntry(paths, request({ make }));
  await begun.promise;
  const waits = Promise.withResolvers<string>();
  const others = [1, 2].map(() => findOrMakeEntry(paths, request({ make, onWait: waits.resolve })));
  expect(await waits.promise).toBe("waiting for another process, which makes the state of a test");
  go.resolve();
  for (const entry of await Promise.all([first, ...others])) {
    expect(content(entry.folder)).toBe("content");
    entry[Symbol.dispose]();
  }
  expect(make).toHaveBeenCalledTimes(1);
});

test("who waits for another process is told which, can be interrupted, and makes the entry if that one is killed", async () => {
  const paths = newHome();
  const { child, ended } = await startMaker(paths);
  const waits = Promise.withResolvers<string>();
  const waiting = findOrMakeEntry(paths, request({ onWait: waits.resolve }));
  expect(await waits.promise).toMatch(new RegExp(`^waiting for process ${child.pid} \\(.+\\), which makes`));
  const stop = new AbortController();
  const interrupted = findOrMakeEntry(paths, request({ onWait: () => stop.abort(), signal: stop.signal }));
  await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
  child.kill("SIGKILL");
  await ended;
  using entry = await waiting;
  expect(readdirSync(entry.folder).sort()).toEqual(["entry.json", "file"]);
  expect(statSync(join(entry.folder, "entry.json")).mode & 0o777).toBe(0o600);
  expect(namesIn(paths)).toEqual(["a-key"]);
});

test("an entry that could not be made leaves nothing, and can be made later", async () => {
  const paths = newHome();
  const make = async (folder: string) => {
    writeFileSync(join(folder, "half"), "");
    throw new Error("no luck");
  };
  await expect(findOrMakeEntry(paths, request({ make }))).rejects.toThrow("no luck");
  expect(namesIn(paths)).toEqual([]);
  using entry = await findOrMakeEntry(paths, request());
  expect(content(entry.folder)).toBe("content");
});

test.each<[string, (file: string) => void]>([
  ["changed", (file) => writeFileSync(file, "changed")],
  ["made writable", (file) => chmodSync(file, 0o666)],
  ["joined by another", (file) => writeFileSync(`${file}-2`, "")],
])("an entry whose file was %s is made again, which is said", async (_what, change) => {
  const paths = newHome();
  const { folder, ...made } = await findOrMakeEntry(paths, request());
  made[Symbol.dispose]();
  change(join(folder, "file"));
  const onNote = vi.fn();
  using entry = await findOrMakeEntry(paths, request({ onNote }));
  expect(onNote.mock.calls).toEqual([
    ["In the cache, the state of a test was changed or damaged. Tinsmith has deleted it."],
  ]);
  expect(readdirSync(entry.folder).sort()).toEqual(["entry.json", "file"]);
  expect(content(entry.folder)).toBe("content");
});

test("an entry that was touched is used again where its files are found to be right", async () => {
  const paths = newHome();
  const { folder, ...made } = await findOrMakeEntry(paths, request());
  made[Symbol.dispose]();
  utimesSync(join(folder, "file"), 1, 1);
  const make = vi.fn();
  const isRight = vi.fn(async () => true);
  for (let time = 0; time < 2; time++)
    (await findOrMakeEntry(paths, request({ make, isRight })))[Symbol.dispose]();
  expect(isRight).toHaveBeenCalledTimes(1);
  expect(make).not.toHaveBeenCalled();
});

test("an entry that has changed while another process holds it stays, and is refused as busy", async () => {
  const paths = newHome();
  using held = await findOrMakeEntry(paths, request());
  writeFileSync(join(held.folder, "file"), "changed");
  await expect(findOrMakeEntry(paths, request())).rejects.toMatchObject({ code: "busy" });
  expect(content(held.folder)).toBe("changed");
  expect(namesIn(paths)).toEqual(["a-key"]);
});

test("an unusable entry is discarded, unless another process holds it", async () => {
  const paths = newHome();
  const entry = await findOrMakeEntry(paths, request());
  const other = await findOrMakeEntry(paths, request());
  expect(await discardEntry(paths, entry)).toBe(false);
  expect(existsSync(entry.folder)).toBe(true);
  expect(await discardEntry(paths, other)).toBe(true);
  expect(existsSync(entry.folder)).toBe(false);
  expect(readdirSync(join(paths.cache, ".deleted"))).toEqual([]);
});

test("what was left in a partial folder does not get into the entry", async () => {
  const paths = newHome();
  const left = partialFolder(entryFolder(paths, name));
  mkdirSync(join(left, "inner"), { recursive: true });
  using entry = await findOrMakeEntry(paths, request());
  expect(readdirSync(entry.folder).sort()).toEqual(["entry.json", "file"]);
});

test("a key that leads elsewhere is refused", () => {
  for (const key of ["", "../a", "a/b", ".", "a.partial"])
    expect(() => entryFolder(newHome(), { kind: "image", key })).toThrow("is not a key");
});
