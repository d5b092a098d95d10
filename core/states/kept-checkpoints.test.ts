import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digestText } from "../files/digest.ts";
import { newHome } from "../session/serve/test-session.ts";
import { knownState, rememberState } from "../storage/known-states.ts";
import { cacheEntriesFolder } from "../storage/paths.ts";
import { changeSettings } from "../storage/settings-store.ts";
import { deleteKept, findKept, listKept, planFromKept } from "./kept-checkpoints.ts";
import { keepTestCheckpoint as keep, testRecord as record } from "./test-kept-checkpoint.ts";

test("kept checkpoints are listed with their sessions and images, the newest first, and found by their names", async () => {
  const paths = newHome();
  expect(await listKept(paths)).toEqual([]);
  await keep(paths);
  await keep(paths, { name: "later", time: 2_000 });
  expect((await listKept(paths)).map(({ name, session }) => [name, session])).toEqual([
    ["later", record.session],
    ["a try", record.session],
  ]);
  const { record: found, state } = await findKept(paths, "a try");
  using _held = state;
  expect(found).toEqual(record);
  await expect(deleteKept(paths, "a try")).rejects.toMatchObject({ code: "busy" });
});

test("a name is kept once, and can be used again when it was deleted", async () => {
  const paths = newHome();
  await keep(paths);
  await expect(keep(paths, { session: "another" })).rejects.toMatchObject({
    code: "usage",
    message: 'a checkpoint "a try" is kept already, of session 20261124-050313-d739',
    advice: expect.stringContaining("tinsmith checkpoint delete --kept"),
  });
  await deleteKept(paths, "a try");
  await keep(paths, { session: "another" });
  await expect(findKept(paths, "a tri")).rejects.toMatchObject({
    message: 'no checkpoint "a tri" is kept',
    advice: 'Do you mean "a try"? tinsmith checkpoint list --kept lists them.',
  });
});

test("its run has the image, task, memory and internet of then, and keeps the guest of a task that has ended", async () => {
  const paths = newHome();
  await keep(paths, { memory: 96 });
  const { archive, task, internet } = record;
  expect(planFromKept(paths, "a try", { timeout: 60 })).toMatchObject({
    ...{ kind: "run", checkpoint: "a try", archive, task, memory: 96, internet },
    ...{ keepAlive: false, timeout: 60 },
  });
  await keep(paths, { name: "over", progress: { stage: "ended", resolved: "success" } });
  expect(planFromKept(paths, "over")).toMatchObject({ keepAlive: true });
  expect(planFromKept(paths, "over", { keepAlive: undefined })).toMatchObject({ keepAlive: true });
  expect(() => planFromKept(paths, "none")).toThrow('no checkpoint "none" is kept');
});

/** Keeps a checkpoint, and gives the path of a file of it. */
async function keepWith(file: string) {
  const paths = newHome();
  await keep(paths);
  const parent = cacheEntriesFolder(paths, "checkpoint");
  const [key = ""] = readdirSync(parent);
  return { paths, key, path: join(parent, key, file) };
}

test.each([
  ["layer.qcow2", "changed", (path: string) => writeFileSync(path, "another layer")],
  ["layer.qcow2", "missing", () => {}],
  ["memory", "a folder", (path: string) => mkdirSync(path)],
])(
  "nothing starts from one whose %s is %s, and it stays until a person deletes it",
  async (file, _what, put) => {
    const { paths, path } = await keepWith(file);
    rmSync(path);
    put(path);
    for (const _ of [1, 2])
      await expect(findKept(paths, "a try")).rejects.toMatchObject({
        code: "usage",
        message: expect.stringMatching(/"a try": files in .* were changed, damaged or deleted/),
      });
    expect(await listKept(paths)).toMatchObject([{ name: "a try" }]);
    await deleteKept(paths, "a try");
    expect(await listKept(paths)).toEqual([]);
  },
);

test("one whose record was changed by a byte is not listed, and the same one can be kept again", async () => {
  const { paths, path } = await keepWith("kept.json");
  writeFileSync(path, readFileSync(path, "utf8").replace("a try", "a cry"));
  expect(await listKept(paths)).toEqual([]);
  await keep(paths);
  const { state } = await findKept(paths, "a try");
  state[Symbol.dispose]();
});

test.each([
  ["damaged", () => "{"],
  ["of a newer Tinsmith", (list: string) => JSON.stringify({ ...JSON.parse(list), version: 9 })],
  ["of another home", () => JSON.stringify({ version: 1, states: {}, refused: {} })],
])("it stays when the list of known states is %s", async (_what, changed) => {
  const { paths } = await keepWith("memory");
  const list = readFileSync(paths.knownStates, "utf8");
  writeFileSync(paths.knownStates, changed(list));
  const newer = readFileSync(paths.knownStates, "utf8");
  await expect(findKept(paths, "a try")).rejects.toThrow(paths.knownStates);
  expect(readFileSync(paths.knownStates, "utf8")).toBe(newer);
  writeFileSync(paths.knownStates, list);
  const { state } = await findKept(paths, "a try");
  state[Symbol.dispose]();
});

test("it is known still after a thousand newer states", async () => {
  const { paths, key } = await keepWith("memory");
  const list = JSON.parse(readFileSync(paths.knownStates, "utf8"));
  const newer = Array.from({ length: 1_000 }, (_, index) => [`newer-${index}`, list.states[key]]);
  const states = { ...list.states, ...Object.fromEntries(newer) };
  writeFileSync(paths.knownStates, JSON.stringify({ ...list, states }));
  rememberState(paths, "newest", list.states[key]);
  expect(knownState(paths, key)).toEqual(list.states[key]);
  expect(knownState(paths, "newer-0")).toBeUndefined();
});

test("two sessions that keep the same name at once keep it once", async () => {
  const paths = newHome();
  const kept = ["one", "other"].map((session) => keep(paths, { session }));
  const results = (await Promise.allSettled(kept)).map(({ status }) => status).sort();
  expect(results).toEqual(["fulfilled", "rejected"]);
  expect(await listKept(paths)).toHaveLength(1);
});

test("no more are kept when they take the size of the cache, as none is deleted to make room", async () => {
  const paths = newHome();
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: 1 / 1024 } });
  await keep(paths, {}, 2 * 1024 ** 2);
  await expect(keep(paths, { name: "more" })).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(/^the kept checkpoints take 2\.1 MB, and the settings keep 1\.0 MB/),
  });
  await deleteKept(paths, "a try");
  await keep(paths, { name: "more" });
});

test.each([
  ["a name of two lines", { name: "a try\n2026-11-24  forged" }],
  ["a time that is not a date", { time: 9e18 }],
])("a record with %s is not listed", async (_what, changed) => {
  const paths = newHome();
  const text = JSON.stringify({ ...record, ...changed });
  const folder = join(cacheEntriesFolder(paths, "checkpoint"), digestText(text).slice(0, 40));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kept.json"), text);
  expect(await listKept(paths)).toEqual([]);
});
