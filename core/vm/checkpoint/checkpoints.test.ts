import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { cacheLimit } from "../../cache/cache-budget.ts";
import type { QmpClient } from "../../qemu/process/qmp-client.ts";
import type { Snapshot } from "../../qemu/process/snapshots.ts";
import { newHome, openTestSession } from "../../session/serve/test-session.ts";
import { listKept } from "../../states/kept-checkpoints.ts";
import { keepTestCheckpoint } from "../../states/test-kept-checkpoint.ts";
import { changeSettings } from "../../storage/settings-store.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { createPauseReasons } from "../pause/pause-reasons.ts";
import { type CheckpointsOptions, createCheckpoints } from "./checkpoints.ts";

const MiB = 1024 ** 2;

// QEMU keeps all of the guest's memory at once.
vi.mock("../../qemu/process/snapshots.ts", () => ({
  saveSnapshot: async (_qmp: unknown, { memoryFile }: Snapshot) =>
    writeFileSync(memoryFile, Buffer.alloc(MiB, 1)),
  deleteSnapshot: async () => {},
}));
vi.mock("../../qemu/process/stale-connections.ts", () => ({ openConnections: async () => [] }));

/** The checkpoints of a guest with a MiB of memory. @param limit MiB that the settings keep for the cache */
async function start(limit: number, changed: Partial<CheckpointsOptions> = {}) {
  const paths = newHome();
  await keepTestCheckpoint(paths, {}, MiB);
  const session = await openTestSession(paths);
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: limit / 1024 } });
  const qmp: Pick<QmpClient, "execute"> = { execute: async () => ({}) };
  const checkpoints = createCheckpoints({
    qmp: qmp as QmpClient,
    ...{ files: session.paths, memory: MiB, mac: "", view: [], clock: startGuestClock() },
    network: { metaServiceSocket: "", relay: [], internet: false },
    pauseReasons: createPauseReasons(() => {}),
    cdDrive: { remember: async () => async () => {} },
    cdSource: async () => undefined,
    progress: () => ({ stage: "not-started", resolved: undefined }),
    limit: () => cacheLimit(paths),
    ...{ cut: () => {}, record: () => {}, onChange: () => {}, onWentBack: () => {} },
    ...changed,
  });
  return { checkpoints, kept: async () => (await listKept(paths)).map(({ name }) => name) };
}

test("the memory of all checkpoints has the limit of the cache: one that could pass it is made when another is deleted", async () => {
  const { checkpoints, kept } = await start(2.5);
  await checkpoints.make("first");
  await checkpoints.make("second");
  await expect(checkpoints.make("third")).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(
      /may take 1\.0 MB, .*, the others take 2\.1 MB, and the settings keep 2\.6 MB/,
    ),
    advice: expect.stringMatching(/^Delete one .* Or raise the limit in the settings to 1 GiB\.$/),
  });
  await checkpoints.delete("first");
  await checkpoints.make("third");
  expect(checkpoints.list().map(({ name }) => name)).toEqual(["second", "third"]);
  expect(await kept()).toEqual(["a try"]);
});

test("a guest whose memory is larger than the cache may be has no checkpoint, and nothing is deleted for one", async () => {
  const { checkpoints, kept } = await start(0.5);
  await expect(checkpoints.make("first")).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(/may take 1\.0 MB, .* memory, and the settings keep 524 kB/),
    advice: "Raise the limit in the settings to 1 GiB. Or start a virtual machine with less memory.",
  });
  expect(checkpoints.list()).toEqual([]);
  expect(await kept()).toEqual(["a try"]);
});

test("a checkpoint that can't be kept says why", async () => {
  const parts = {
    keep: async () => ({ folder: "", notes: [] }),
    disk: { layer: "layer.qcow2", backing: "disk.img" },
  };
  for (const [changed, keepProblem] of [
    [{}, "only runs of images can continue from one later"],
    [{ ...parts, cdSource: async () => "tools.iso" }, "the CD tools.iso is in its drive"],
    [parts, undefined],
  ] as const) {
    const { checkpoints } = await start(2.5, changed);
    await checkpoints.make("first");
    expect(checkpoints.list()[0]?.keepProblem).toBe(keepProblem);
  }
});

test("the person who keeps a checkpoint gets the notes about that, and it counts as kept while its copy is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kept-"));
  const keep = async () => ({ folder, notes: ["Deleted image b."] });
  const { checkpoints } = await start(2.5, { keep, disk: { layer: "layer.qcow2", backing: "disk.img" } });
  await checkpoints.make("first");
  expect(await checkpoints.keep("first")).toEqual(["Deleted image b."]);
  expect(checkpoints.list()).toMatchObject([{ isKept: true }]);
  rmSync(folder, { recursive: true });
  expect(checkpoints.list()[0]).not.toHaveProperty("isKept");
});
