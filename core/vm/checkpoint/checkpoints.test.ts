import { writeFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { makeRoomForCheckpoints } from "../../cache/cache-budget.ts";
import type { QmpClient } from "../../qemu/process/qmp-client.ts";
import type { Snapshot } from "../../qemu/process/snapshots.ts";
import { newHome, openTestSession } from "../../session/serve/test-session.ts";
import { changeSettings } from "../../storage/settings-store.ts";
import { startGuestClock } from "../../time/guest-clock.ts";
import { createPauseReasons } from "../pause/pause-reasons.ts";
import { createCheckpoints } from "./checkpoints.ts";

const MiB = 1024 ** 2;

// QEMU keeps all of the guest's memory at once.
vi.mock("../../qemu/process/snapshots.ts", () => ({
  saveSnapshot: async (_qmp: unknown, { memoryFile }: Snapshot) =>
    writeFileSync(memoryFile, Buffer.alloc(MiB, 1)),
  deleteSnapshot: async () => {},
}));
vi.mock("../../qemu/process/stale-connections.ts", () => ({ openConnections: async () => [] }));

/** The checkpoints of a guest with a MiB of memory. @param limit MiB that the settings keep for the cache */
async function start(limit: number) {
  const paths = newHome();
  changeSettings(paths, { retention: { sessions: 50, sessionsGib: 1, cacheGib: limit / 1024 } });
  const session = await openTestSession(paths);
  const qmp: Pick<QmpClient, "execute"> = { execute: async () => ({}) };
  return createCheckpoints({
    qmp: qmp as QmpClient,
    ...{ files: session.paths, memory: MiB, mac: "", view: [], clock: startGuestClock() },
    network: { metaServiceSocket: "", relay: [], internet: false },
    pauseReasons: createPauseReasons(() => {}),
    cdDrive: { remember: async () => async () => {} },
    cdSource: async () => undefined,
    progress: () => ({ stage: "not-started", resolved: undefined }),
    makeRoom: (bytes) => makeRoomForCheckpoints(paths, bytes),
    ...{ cut: () => {}, record: () => {}, onChange: () => {}, onWentBack: () => {} },
  });
}

test("the memory of all checkpoints has the limit of the cache: one that could pass it is made when another is deleted", async () => {
  const checkpoints = await start(2.5);
  await checkpoints.make("first");
  await checkpoints.make("second");
  await expect(checkpoints.make("third")).rejects.toMatchObject({
    code: "no-space",
    message: expect.stringMatching(
      /checkpoints of this virtual machine take 2\.1 MB, .* more than the 2\.6 MB/,
    ),
  });
  await checkpoints.delete("first");
  await checkpoints.make("third");
  expect(checkpoints.list().map(({ name }) => name)).toEqual(["second", "third"]);
});

test("a guest whose memory is larger than the cache may be has no checkpoint", async () => {
  const checkpoints = await start(0.5);
  await expect(checkpoints.make("first")).rejects.toMatchObject({ code: "no-space" });
  expect(checkpoints.list()).toEqual([]);
});
