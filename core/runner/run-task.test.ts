import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePlan } from "../../shared/contracts/plan.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import { packArchive } from "../image/archive/pack-archive.ts";
import { writeImage } from "../image/test-fixtures.ts";
import { newHome } from "../session/serve/test-session.ts";
import type { Paths } from "../storage/paths.ts";
import { runTask } from "./run-task.ts";
import { describeTimeout } from "./task-watch.ts";

/** Packs an image that was not made here. @returns its archive */
async function leaveArchive(paths: Paths): Promise<string> {
  const folder = join(paths.sessions, "../image");
  mkdirSync(folder, { recursive: true });
  await writeImage(folder);
  const archive = join(folder, "../image.tar.lz4");
  await packArchive({ folder, target: archive });
  return archive;
}

test("a session boots no image that was not made here, unless its digest is among those that were accepted", async () => {
  const paths = newHome();
  const archive = await leaveArchive(paths);
  const run = async (trusted: string[]) => {
    const events: RunEvent[] = [];
    const plan = makePlan({ kind: "run", archive, task: { command: ["true"] }, trusted });
    const signal = new AbortController().signal;
    const running = runTask(plan, { paths, signal, onEvent: (event) => events.push(event), onLog: () => {} });
    await expect(running).rejects.toMatchObject({ code: "not-trusted" });
    return events.map(({ type }) => type);
  };
  // As when the archive was replaced after a person has accepted it.
  expect(await run(["0".repeat(64)])).toEqual(["run-started", "run-failed"]);
  expect(await run([])).toEqual(["run-started", "run-failed"]);
});

test("a run whose time is up during the boot says that the guest tools had not started, and names no lines that nobody sees", async () => {
  const paths = newHome();
  const archive = await leaveArchive(paths);
  const plan = makePlan({ kind: "run", archive, task: { command: ["true"] }, timeout: 1 });
  const signal = new AbortController().signal;
  await expect(runTask(plan, { paths, signal, onEvent: () => {}, onLog: () => {} })).rejects.toMatchObject({
    code: "timed-out",
    message: "the guest tools had not started within the run's time-out of 1 s, which includes the boot",
    advice: "If it was only slow, give it more time with --timeout SECONDS.",
  });
});

test("a run whose time is up once the guest tools have started says that the task had not ended", () => {
  expect(describeTimeout(4, true)).toBe(
    "the task had not ended within the run's time-out of 4 s, which includes the boot",
  );
});
