import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { createApp } from "../../../core/app/app.ts";
import { sessionArguments, startSessionProcess } from "../../../core/session/client/start-session.ts";
import { stopSession } from "../../../core/session/client/stop-session.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { type Outcome, tinsmith, tinsmithProgram } from "../tinsmith.ts";

// A checkpoint outlives its session, and a new run continues from it: with the memory, the disk and the task of then.

const workshop = makeBuiltWorkshop();
const env = { TINSMITH_HOME: join(workshop.folder, "tinsmith") };
const ask = (...args: readonly string[]) => tinsmith(workshop, args, { env });
const sh = async (script: string) => (await ask("shell", "--", "sh", "-c", script)).stdout.toString();
const kept = join(env.TINSMITH_HOME, "cache/checkpoints");

/** Runs a command until it has printed a text; `end` stops it. */
async function startUntil(text: string, args: readonly string[]) {
  const ready = Promise.withResolvers<void>();
  let interrupt = (_signal: NodeJS.Signals) => {};
  let printed = "";
  const ended: Promise<Outcome> = tinsmith(workshop, args, {
    env,
    onStdout: (now, kill) => {
      printed = now;
      interrupt = kill;
      if (now.includes(text)) ready.resolve();
    },
  });
  await Promise.race([ready.promise, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  const end = async () => {
    interrupt("SIGINT");
    return await ended;
  };
  return { printed: () => printed, ended, end };
}

const task = "i=0; until [ -e /tmp/end ]; do i=$((i+1)); echo count $i; sleep 0.5; done; echo over";

test("a kept checkpoint starts a run that continues its task, whose shells and result work; its files are this user's", async () => {
  const first = await startUntil("count 3", [
    "run",
    "--keep-alive",
    workshop.workerImage,
    "--",
    "sh",
    "-c",
    task,
  ]);
  await sh("echo before >/tmp/memory");
  await ask("checkpoint", "make", "a try");
  await sh("echo after >/tmp/memory");
  expect(await ask("checkpoint", "keep", "a try")).toMatchObject({ exitStatus: 0, stderr: "" });
  // The guest, which still runs, does not change it.
  await sh("echo later >/tmp/memory");
  await first.end();

  const [folder = ""] = readdirSync(kept);
  for (const name of readdirSync(join(kept, folder)))
    expect(statSync(join(kept, folder, name)).mode & 0o077).toBe(0);
  expect((await ask("checkpoint", "list", "--kept")).stdout.toString()).toContain(
    "microcore-worker.tar.lz4  a try",
  );
  expect((await ask("cache")).stdout.toString()).toContain('checkpoint "a try" of microcore-worker.tar.lz4');

  // The image may be another one by now, and the checkpoint holds the unpacked one.
  expect((await ask("cache", "clear", "image")).stdout.toString()).toContain(
    "Needed by kept checkpoints, and kept: the disk of microcore-worker.tar.lz4",
  );
  const image = readFileSync(workshop.workerImage);
  writeFileSync(workshop.workerImage, "another image");
  const second = await startUntil("count ", ["checkpoint", "start", "a try"]);
  writeFileSync(workshop.workerImage, image);
  // The run has copied what it needs of the checkpoint.
  expect((await ask("cache")).stdout.toString()).not.toMatch(/in use .* checkpoint "a try"/i);
  expect(Number(/count (\d+)/.exec(second.printed())?.[1])).toBeGreaterThanOrEqual(3);
  expect(await sh("cat /tmp/memory")).toBe("before\n");
  await eventually(
    async () => {
      const behind = Date.now() / 1000 - Number(await sh("date -u +%s"));
      expect(Math.abs(behind)).toBeLessThan(5);
    },
    { timeout: 60_000 },
  );
  await sh("touch /tmp/end");
  const { exitStatus, stderr } = await second.ended;
  expect(stderr).toContain('The virtual machine continues from the checkpoint "a try" of session');
  expect(exitStatus).toBe(0);
});

test("the window's call starts such a run, too, in a session of its own, whose task continues", async () => {
  const paths = findPaths(env);
  vi.stubEnv("TINSMITH_HOME", env.TINSMITH_HOME);
  onTestFinished(() => void vi.unstubAllEnvs());
  const none = async () => {};
  const app = createRouterClient(
    createApp({
      ...{ paths, version: "0.0.0", workspace: workshop.imageSet, reveal: none, addressOf: (path) => path },
      startSession: (plan) => startSessionProcess([tinsmithProgram, ...sessionArguments], plan),
      stopSession: (session, isForced) => stopSession(paths, session, isForced),
    }),
  );
  const { session } = await app.keptCheckpoints.start({ name: "a try" });
  const log = join(paths.sessions, session, "task.log");
  await eventually(() => expect(readFileSync(log, "utf8")).toMatch(/count \d+/), { timeout: 60_000 });
  expect(await sh("cat /tmp/memory")).toBe("before\n");
  await sh("touch /tmp/end");
  await eventually(async () => expect((await ask("sessions")).stdout.toString()).not.toContain(session), {
    timeout: 60_000,
  });
  expect(readFileSync(log, "utf8")).toContain("over");
});

test("one that was changed on the disk starts nothing, and a deleted one is gone", async () => {
  const [folder = ""] = readdirSync(kept);
  const record = join(kept, folder, "kept.json");
  const text = readFileSync(record, "utf8");
  writeFileSync(record, text.replace('"a try"', '"another"'));
  expect(await ask("checkpoint", "start", "a try")).toMatchObject({
    stderr: expect.stringContaining('no checkpoint "a try" is kept'),
    exitStatus: 2,
  });
  writeFileSync(record, text);
  writeFileSync(join(kept, folder, "memory"), "the memory of somebody else");
  expect(await ask("checkpoint", "start", "a try")).toMatchObject({
    stderr: expect.stringContaining("were changed, damaged or deleted"),
  });
  expect(await ask("checkpoint", "delete", "--kept", "a try")).toMatchObject({ exitStatus: 0 });
  expect(readdirSync(kept)).toEqual([]);
});
