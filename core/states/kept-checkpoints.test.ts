import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../session/serve/test-session.ts";
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

test("nothing starts from one that somebody has changed", async () => {
  const paths = newHome();
  await keep(paths);
  const parent = cacheEntriesFolder(paths, "checkpoint");
  const [key = ""] = readdirSync(parent);
  writeFileSync(join(parent, key, "layer.qcow2"), "another layer");
  await expect(findKept(paths, "a try")).rejects.toMatchObject({
    message: expect.stringContaining("was not made here, or was changed, so Tinsmith has deleted it"),
  });
  expect(readdirSync(parent)).toEqual([]);
  await keep(paths);
  writeFileSync(
    join(parent, key, "kept.json"),
    JSON.stringify({ ...record, task: { command: ["rm"], env: {} } }),
  );
  expect(await listKept(paths)).toEqual([]);
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
