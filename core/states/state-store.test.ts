import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cacheEntriesFolder, findPaths } from "../storage/paths.ts";
import { discardState, findOrAwaitState, findOrMakeState, findState } from "./state-store.ts";

const key = "5f".repeat(20);

/** A cache, and what makes a state in it: each has a number. */
function makeCache() {
  const home = mkdtempSync(join(tmpdir(), "states-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const paths = findPaths({ TINSMITH_HOME: home });
  let made = 0;
  const notes: string[] = [];
  const onNote = (text: string) => notes.push(text);
  const make = async (files: { memory: string; layer: string }) => {
    made += 1;
    writeFileSync(files.memory, `the memory ${made}`);
    writeFileSync(files.layer, `the layer ${made}`);
  };
  const image = { archive: "/a.tar.lz4", digest: "a" };
  const request = { key, what: "a state", image, make, onNote, signal: new AbortController().signal };
  return {
    paths,
    notes,
    onNote,
    request,
    take: () => findOrMakeState(paths, request),
    find: () => findState(paths, key, onNote),
  };
}

type Request = Parameters<typeof findOrMakeState>[1];

/** Begins to make a state, as another process would, and stops within it until it is told to continue. */
async function beginToMake(paths: Parameters<typeof findOrMakeState>[0], request: Request) {
  const begun = Promise.withResolvers<void>();
  const { promise, resolve: goesOn } = Promise.withResolvers<void>();
  const make: Request["make"] = async (files) => {
    begun.resolve();
    await promise;
    await request.make(files);
  };
  const making = findOrMakeState(paths, { ...request, make });
  await begun.promise;
  return { making, goesOn };
}

test("a state is made once, and only its user can read it", async () => {
  const { take, paths } = makeCache();
  (await take())[Symbol.dispose]();
  using state = await take();
  expect(readFileSync(state.memory, "utf8")).toBe("the memory 1");
  expect(readFileSync(state.layer, "utf8")).toBe("the layer 1");
  for (const file of [state.memory, state.layer]) expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const folder of [dirname(state.memory), dirname(dirname(state.memory))])
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(paths.knownStates).mode & 0o777).toBe(0o600);
});

test("only its user can read a state in a home that others can enter, whatever the umask is", async () => {
  const { paths, find } = makeCache();
  const folder = cacheEntriesFolder(paths, "state");
  mkdirSync(folder, { recursive: true });
  for (const open of [paths.cache, folder]) chmodSync(open, 0o777);
  const script = join(import.meta.dirname, "../../tests/hard/kill/make-state.ts");
  const command = `umask 000; exec ${process.execPath} --disable-warning=ExperimentalWarning ${script} ${key}`;
  execFileSync("sh", ["-c", command], { env: { ...process.env, TINSMITH_HOME: dirname(paths.cache) } });
  using state = await find();
  if (!state) throw new Error("it was made");
  const modes = (...places: readonly string[]) => places.map((path) => statSync(path).mode & 0o777);
  expect(modes(folder, dirname(state.memory))).toEqual([0o700, 0o700]);
  expect(modes(state.memory, state.layer, paths.knownStates)).toEqual([0o600, 0o600, 0o600]);
});

test("a state that is being saved is waited for, which is said; without one, nobody waits", async () => {
  const { paths, request, notes, onNote } = makeCache();
  const awaited = { ...request, onNote };
  expect(await findOrAwaitState(paths, awaited)).toBeUndefined();
  const { making, goesOn } = await beginToMake(paths, request);
  const told = Promise.withResolvers<string>();
  const waiting = findOrAwaitState(paths, { ...awaited, onNote: told.resolve });
  expect(await told.promise).toBe("Waiting for a state, which another process is saving now.");
  goesOn();
  (await making)[Symbol.dispose]();
  using state = await waiting;
  expect(state && readFileSync(state.memory, "utf8")).toBe("the memory 1");
  expect(notes).toEqual([]);
});

test("a wait for a state that is being saved ends when its session is stopped", async () => {
  const { paths, request } = makeCache();
  const { making, goesOn } = await beginToMake(paths, request);
  const stop = new AbortController();
  const onNote = () => stop.abort(new Error("stopped"));
  await expect(findOrAwaitState(paths, { ...request, onNote, signal: stop.signal })).rejects.toThrow(
    "stopped",
  );
  goesOn();
  (await making)[Symbol.dispose]();
});

test("a state that another home with the same cache makes meanwhile is made again", async () => {
  const { paths, take, request } = makeCache();
  const other = { ...paths, knownStates: `${paths.knownStates}-of-another-home` };
  const make: typeof request.make = async ({ memory, layer }) => {
    for (const file of [memory, layer]) writeFileSync(file, "of another home");
  };
  const { making, goesOn } = await beginToMake(other, { ...request, make });
  const own = take();
  goesOn();
  (await making)[Symbol.dispose]();
  using state = await own;
  expect(readFileSync(state.memory, "utf8")).toBe("the memory 1");
});

test.each(["memory", "layer"] as const)(
  "a state whose %s was changed is not restored, and deleted",
  async (name) => {
    const { take, find, notes } = makeCache();
    const state = await take();
    appendFileSync(state[name], "!");
    state[Symbol.dispose]();
    expect(await find()).toBeUndefined();
    expect(notes.join()).toContain("changed or damaged");
    using next = await take();
    expect(readFileSync(next.memory, "utf8")).toBe("the memory 2");
  },
);

test("a state that somebody else's Tinsmith has made is not restored, though it is whole", async () => {
  const [own, other] = [makeCache(), makeCache()];
  const state = await other.take();
  const entry = dirname(state.memory);
  const target = entry.replace(other.paths.cache, own.paths.cache);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const name of ["memory", "layer.qcow2", "entry.json"])
    copyFileSync(join(entry, name), join(target, name));
  state[Symbol.dispose]();
  expect(await own.find()).toBeUndefined();
  expect(existsSync(target)).toBe(false);
});

test("a state that was copied with its whole cache is the same still", async () => {
  const { take, find } = makeCache();
  const state = await take();
  const bytes = readFileSync(state.memory);
  state[Symbol.dispose]();
  rmSync(state.memory);
  writeFileSync(state.memory, bytes, { mode: 0o600 });
  using found = await find();
  expect(found?.memory).toBe(state.memory);
});

test.each([
  ["is damaged", () => "damaged"],
  ["is a newer Tinsmith's", (list: string) => JSON.stringify({ ...JSON.parse(list), version: 9 })],
])("while the list of known states %s, no state is used, and none is deleted", async (_what, changed) => {
  const { take, find, paths, notes } = makeCache();
  const { memory, [Symbol.dispose]: release } = await take();
  release();
  const list = changed(readFileSync(paths.knownStates, "utf8"));
  writeFileSync(paths.knownStates, list);
  expect(await find()).toBeUndefined();
  expect(notes.join()).toContain(`A saved state is not used: the file ${paths.knownStates}`);
  await expect(take()).rejects.toThrow(paths.knownStates);
  expect(existsSync(memory)).toBe(true);
  expect(readFileSync(paths.knownStates, "utf8")).toBe(list);
});

test.each([
  ["missing", () => undefined],
  ["a folder", (path: string) => mkdirSync(path)],
  ["a named pipe", (path: string) => execFileSync("mkfifo", [path])],
])("a state of which a file is %s is deleted, and made again", async (_what, replace) => {
  for (const name of ["memory", "layer"] as const) {
    const { take, find, notes } = makeCache();
    const state = await take();
    rmSync(state[name]);
    replace(state[name]);
    state[Symbol.dispose]();
    expect(await find()).toBeUndefined();
    expect(notes.join()).toContain("Tinsmith has deleted it");
    using next = await take();
    expect(readFileSync(next.memory, "utf8")).toBe("the memory 2");
  }
});

test("a state that could not be restored is deleted, and not made again", async () => {
  const { take, find, paths } = makeCache();
  const state = await take();
  await discardState(paths, state, "QEMU refused it");
  expect(existsSync(state.memory)).toBe(false);
  expect(await find()).toBeUndefined();
  await expect(take()).rejects.toThrow("restoring one has failed: QEMU refused it");
});
