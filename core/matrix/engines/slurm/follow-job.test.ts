import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { followJob } from "./follow-job.ts";
import { JobFolder, type JobResult } from "./job-folder.ts";
import type { QueueLook } from "./job-queue.ts";
import type { SlurmJob } from "./slurm-jobs.ts";

/** A job at one look. */
type Step = Partial<SlurmJob> & { readonly act?: () => void; readonly problem?: string };

function makeJob() {
  const path = mkdtempSync(join(tmpdir(), "job-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const folder = new JobFolder(path);
  const times = { job: "7", home: "/home/node", started: 1, finished: 2 };
  const end = (result: Partial<JobResult>) => folder.writeResult({ ...times, ...result });
  let log = "";
  const begin = (session = "one") => {
    mkdirSync(join(path, session));
    log = join(path, session, "events.jsonl");
    writeFileSync(log, "");
    folder.writeSession({ job: "7", session, folder: join(path, session) });
  };
  const record = (seq: number, step: string) =>
    appendFileSync(
      log,
      `${JSON.stringify({ ...(seq === 1 && { version: 1 }), seq, time: 1, type: "step-started", step })}\n`,
    );
  return { folder, end, begin, record };
}

const built = { result: { path: "/a.tar.lz4", size: 1, digest: "d", guestMilliseconds: 1 } };

/** Follows a job through looks, of which the last one repeats. */
async function follow(folder: JobFolder, steps: readonly Step[], controller = new AbortController()) {
  const seen: string[] = [];
  let index = 0;
  const queue = {
    look: async (): Promise<QueueLook> => {
      const { act, problem, ...job } = steps[Math.min(index, steps.length - 1)] ?? {};
      index += 1;
      act?.();
      const whole = { id: "7", state: "PENDING", reason: "", node: "", comment: "", ...job };
      return { jobs: new Map([["7", whole]]), ...(problem !== undefined && { problem }) };
    },
    cancel: (id: string) => void seen.push(`cancel ${id}`),
    follow: () => ({ [Symbol.dispose]: () => void seen.push("left") }),
  };
  const result = await followJob("7", folder, {
    ...{ queue, signal: controller.signal },
    onWait: (reason) => seen.push(reason),
    onStart: () => seen.push("start"),
    onEvent: (event) => seen.push(event.type === "step-started" ? event.step : event.type),
  }).catch((error: unknown) => error);
  return { result, seen };
}

test("a job waits for Slurm's reasons, tells the events of its session, and ends with its result", async () => {
  const { folder, end, begin, record } = makeJob();
  const { result, seen } = await follow(folder, [
    { reason: "Priority" },
    { reason: "Priority" },
    { reason: "Resources" },
    { state: "RUNNING", node: "n1" },
    { state: "RUNNING", node: "n1", act: () => begin() },
    { state: "RUNNING", act: () => record(1, "disk") },
    { state: "RUNNING", act: () => record(2, "boot") },
    { state: "COMPLETING", act: () => end({ built }) },
  ]);
  expect(result).toMatchObject({ built, home: "/home/node" });
  expect(seen).toEqual(["Slurm: Priority", "Slurm: Resources", "start", "disk", "boot", "left"]);
});

test("a job that runs between two looks has started, too", async () => {
  const { folder, end, begin, record } = makeJob();
  const act = () => {
    begin();
    record(1, "disk");
    end({ error: { code: "build-failed", message: "the guest failed" } });
  };
  const { result, seen } = await follow(folder, [{}, { state: "FAILED", act }]);
  expect(result).toMatchObject({ code: "build-failed", message: "the guest failed" });
  expect(seen).toEqual(["Slurm: PENDING", "start", "disk", "left"]);
});

test("a job that Slurm has ended tells its state, its node and its last output", async () => {
  const { folder, end } = makeJob();
  writeFileSync(folder.output, "slurmstepd: error: DUE TO TIME LIMIT\n");
  const act = () => end({ error: { code: "interrupted", message: "interrupted" } });
  const { result } = await follow(folder, [{ state: "TIMEOUT", reason: "TimeLimit", node: "n1", act }]);
  expect(result).toMatchObject({
    code: "timed-out",
    message: "Slurm's job 7 has ended without a result: TIMEOUT (TimeLimit) on node n1",
    advice: `Give it more time with --sbatch=--time=MINUTES. Its output: ${folder.output}`,
    details: ["interrupted", "slurmstepd: error: DUE TO TIME LIMIT"],
  });
  const other = makeJob();
  const lost = await follow(other.folder, [{ state: "RUNNING" }, { state: "NODE_FAIL", node: "n2" }]);
  expect(lost.result).toMatchObject({
    message: "Slurm's job 7 has ended without a result: NODE_FAIL on node n2",
  });
});

test("a job that Slurm queues again tells the events of its next session", async () => {
  const { folder, end, begin, record } = makeJob();
  const run = (session: string) => () => {
    begin(session);
    record(1, "disk");
  };
  const { result, seen } = await follow(folder, [
    { state: "RUNNING", act: run("one") },
    { state: "NODE_FAIL", reason: "NodeDown" },
    { state: "PENDING", reason: "BeginTime" },
    { state: "RUNNING", act: run("two") },
    { state: "COMPLETED", act: () => end({ built }) },
  ]);
  expect(result).toMatchObject({ built });
  expect(seen).toEqual(["start", "disk", "Slurm: BeginTime", "start", "disk", "left"]);
});

test("a job that Slurm queues again is cancelled if it has its result already", async () => {
  const { folder, end } = makeJob();
  const interrupted = () => end({ error: { code: "interrupted", message: "interrupted" } });
  const { result, seen } = await follow(folder, [
    { state: "RUNNING" },
    { state: "COMPLETING", act: interrupted },
    { state: "PENDING", reason: "BeginTime" },
    { state: "PENDING", reason: "BeginTime", act: () => end({ built }) },
  ]);
  expect(result).toMatchObject({ built });
  expect(seen).toEqual(["start", "Slurm: BeginTime", "cancel 7", "left"]);
});

test("while Slurm does not answer, a job that waits says so, and is followed", async () => {
  const { folder, end } = makeJob();
  const { result, seen } = await follow(folder, [
    { reason: "Priority", problem: "Slurm says: Unable to contact slurm controller" },
    { state: "RUNNING" },
    { state: "RUNNING", problem: "Slurm says: Unable to contact slurm controller" },
    { state: "COMPLETED", act: () => end({ built }) },
  ]);
  expect(result).toMatchObject({ built });
  expect(seen).toEqual(["Slurm says: Unable to contact slurm controller", "start", "left"]);
});

test("an abort cancels the job, and waits until Slurm has ended it", async () => {
  const { folder } = makeJob();
  const controller = new AbortController();
  const { result, seen } = await follow(
    folder,
    [
      { state: "RUNNING", act: () => controller.abort(new Error("enough")) },
      { state: "COMPLETING" },
      { state: "CANCELLED" },
    ],
    controller,
  );
  expect(result).toMatchObject({ message: "enough" });
  expect(seen).toEqual(["start", "cancel 7", "left"]);
});
