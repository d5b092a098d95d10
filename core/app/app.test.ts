import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { expect, test } from "vitest";
import type { Plan } from "../../shared/contracts/plan.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { newHome } from "../session/serve/test-session.ts";
import { findKept } from "../states/kept-checkpoints.ts";
import { keepTestCheckpoint, testRecord } from "../states/test-kept-checkpoint.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";
import { type AppDeps, createApp } from "./app.ts";

const notScripted = () => Promise.reject(new Error("the test has no script for this"));

function newApp(paths: Paths, startSession: AppDeps["startSession"] = notScripted) {
  return createRouterClient(
    createApp({
      paths,
      version: "0.0.0",
      workspace: "/images",
      startSession,
      stopSession: notScripted,
      reveal: notScripted,
      addressOf: (path) => path,
    }),
  );
}

test("the app comes up beside a newer Tinsmith's settings, and refuses to change them", async () => {
  const paths = newHome();
  mkdirSync(dirname(paths.settings), { recursive: true });
  writeFileSync(paths.settings, '{"version": 3}');
  const app = newApp(paths);
  const settings = await app.settings.watch();
  expect((await settings.next()).value).toMatchObject({
    theme: "system",
    workspaces: ["/images"],
    problem: { code: "newer-version" },
  });
  await settings.return();
  await expect(app.settings.change({ theme: "dark" })).rejects.toMatchObject({
    message: expect.stringContaining("of version 3"),
  });
});

test("what goes wrong in the middle of a stream says what and what to do, as any other error does", async () => {
  const app = newApp(newHome());
  const progress = await app.exports.write({ id: "none", target: "/tmp/none.tar.gz", leaveOut: [] });
  await expect(progress.next()).rejects.toMatchObject({
    data: { code: "no-session", message: expect.stringContaining('no session "none"') },
  });
});

test("an error about one part of what is asked for names that part", async () => {
  const paths = newHome();
  mkdirSync(paths.sessions, { recursive: true });
  const app = newApp(paths);
  const [missing, taken] = [join(paths.sessions, "missing"), join(paths.sessions, "taken")];
  writeFileSync(taken, "");
  const field = (name: string) => ({ data: { field: name } });
  const install = { folder: paths.sessions, machine: missing, size: 1 };
  await expect(app.builds.install(install)).rejects.toMatchObject(field("machine"));
  await expect(app.builds.install({ ...install, iso: { path: missing } })).rejects.toMatchObject(
    field("iso"),
  );
  await expect(app.library.openArchive({ path: missing })).rejects.toMatchObject(field("path"));
  const run = { archive: missing, command: ["true"], env: {}, keepAlive: false };
  await expect(app.runs.start(run)).rejects.toMatchObject(field("archive"));
  const progress = await app.exports.write({ id: "none", target: taken, leaveOut: [] });
  await expect(progress.next()).rejects.toMatchObject(field("target"));
});

test("no caller starts an archive that was not made here without the digest that a person has accepted", async () => {
  const paths = newHome();
  mkdirSync(paths.sessions, { recursive: true });
  const archive = join(paths.sessions, "imported.tar.lz4");
  writeFileSync(archive, "an image");
  const app = newApp(paths);
  const run = { archive, command: ["true"], env: {}, keepAlive: false };
  for (const accepted of [undefined, "", "0".repeat(64)])
    await expect(app.runs.start({ ...run, accepted })).rejects.toMatchObject({
      data: { code: "not-trusted" },
    });
  const { digest } = await app.runs.examine({ path: archive });
  await expect(app.runs.start({ ...run, accepted: digest })).rejects.toThrow("no script");
});

test("no caller starts a build from a setup image that was not made here without the digest that a person has accepted", async () => {
  const paths = newHome();
  const folder = join(paths.sessions, "../small");
  const setup = join(folder, "small-setup.tar.lz4");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "recipe.yaml"), "");
  writeFileSync(setup, "an image");
  const app = newApp(paths);
  const rebuild = { folder, image: "worker" } as const;
  for (const wishes of [{}, { accepted: "0".repeat(64) }, { retry: "a-session" }])
    await expect(app.builds.start({ ...rebuild, ...wishes })).rejects.toMatchObject({
      data: { code: "not-trusted", message: expect.stringContaining(setup) },
    });
  const { digest } = await app.runs.examine({ path: setup });
  await expect(app.builds.start({ ...rebuild, accepted: digest })).rejects.toThrow("no script");
  // Neither boots the setup image that is there.
  await expect(app.builds.start({ folder, image: "setup" })).rejects.toThrow("no script");
  rmSync(setup);
  await expect(app.builds.start(rebuild)).rejects.toThrow("no script");
});

test("kept checkpoints are listed without their secrets, a run starts from one whose archive is gone, and one is deleted", async () => {
  const paths = newHome();
  const plans: Plan[] = [];
  const app = newApp(paths, async (plan) => {
    plans.push(plan);
    return "new-session";
  });
  const signal = AbortSignal.timeout(30_000);
  const lists = await app.keptCheckpoints.watch(undefined, { signal });
  expect((await lists.next()).value).toEqual([]);
  await keepTestCheckpoint(paths);
  const { name, time, session, archive } = testRecord;
  expect((await lists.next()).value).toEqual([
    { name, time, session, archive, command: ["true"], size: expect.any(Number) as number },
  ]);

  expect(await app.keptCheckpoints.start({ name })).toEqual({ session: "new-session" });
  expect(plans).toMatchObject([{ kind: "run", checkpoint: name, archive, keepAlive: false }]);
  await expect(app.keptCheckpoints.start({ name: "a tri" })).rejects.toMatchObject({
    data: { code: "usage", message: 'no checkpoint "a tri" is kept' },
  });

  const { state } = await findKept(paths, name);
  await expect(app.keptCheckpoints.delete({ name })).rejects.toMatchObject({ data: { code: "busy" } });
  state[Symbol.dispose]();
  await app.keptCheckpoints.delete({ name });
  expect((await lists.next()).value).toEqual([]);
  await lists.return();
});

test("a session's file has an address only if it exists and a window may ask for it", async () => {
  const paths = newHome();
  const { folder } = sessionPaths(paths, "a-session");
  makePrivateFolder(folder);
  writeFileSync(join(folder, "task.log"), "a log");
  writeFileSync(join(folder, "lock"), "");
  const app = newApp(paths);
  const find = (name: string) => app.sessions.fileAddress({ session: "a-session", name });
  expect(await find("task.log")).toEqual({ address: "/sessions/a-session/files/task.log" });
  for (const name of ["screen.png", "lock", "../a-session/task.log"])
    expect((await find(name)).address).toBeUndefined();
});
