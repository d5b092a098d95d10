import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newHome } from "../session/serve/test-session.ts";
import { cacheEntriesFolder, type Paths } from "../storage/paths.ts";
import { deleteKept, findKept, type KeptRecord, keepCheckpoint, listKept } from "./kept-checkpoints.ts";

const record: KeptRecord = {
  ...{ version: 1, name: "a try", session: "20261124-050313-d739", time: 1_000, tag: "checkpoint-1" },
  ...{
    archive: "/images/worker.tar.lz4",
    digest: "abc",
    internet: false,
    hardware: ["m 512"],
    isRestorable: false,
  },
  task: { command: ["true"], env: { SECRET: "x" } },
  connections: [],
  progress: { stage: "started" },
};

async function keep(paths: Paths, changed: Partial<KeptRecord> = {}): Promise<void> {
  await keepCheckpoint(
    paths,
    { ...record, ...changed },
    {
      copy: async ({ memory, layer }) => {
        writeFileSync(memory, "memory");
        writeFileSync(layer, "layer");
      },
      signal: new AbortController().signal,
      onNote: () => {},
    },
  );
}

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
  });
  await deleteKept(paths, "a try");
  await keep(paths, { session: "another" });
  await expect(findKept(paths, "a tri")).rejects.toMatchObject({
    message: 'no checkpoint "a tri" is kept',
    advice: 'Do you mean "a try"? tinsmith checkpoint list --kept lists them.',
  });
});

test("nothing starts from one that somebody has changed", async () => {
  const paths = newHome();
  await keep(paths);
  const parent = cacheEntriesFolder(paths, "checkpoint");
  const [key = ""] = readdirSync(parent);
  writeFileSync(join(parent, key, "layer.qcow2"), "another layer");
  await expect(findKept(paths, "a try")).rejects.toMatchObject({
    message: expect.stringContaining("was not made here, or was changed"),
  });
  await keep(paths);
  writeFileSync(
    join(parent, key, "kept.json"),
    JSON.stringify({ ...record, task: { command: ["rm"], env: {} } }),
  );
  expect(await listKept(paths)).toEqual([]);
});
