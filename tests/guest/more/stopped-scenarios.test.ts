import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSessionList } from "../../../core/app/sessions/session-list.ts";
import { sessionArguments } from "../../../core/session/client/start-session.ts";
import { stopSession } from "../../../core/session/client/stop-session.ts";
import { findPaths, type Paths } from "../../../core/storage/paths.ts";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { tinsmithProgram } from "../tinsmith.ts";

// Several scenarios that the window has started, on real virtual machines.

const workshop = makeBuiltWorkshop();
const env = { CI: "true", XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder };

/** Starts scenarios as the window does, of which the second one does not end by itself. */
function start(paths: Paths): ChildProcess {
  const scenarios = join(workshop.imageSet, "scenarios");
  const endless = join(scenarios, "endless.yaml");
  writeFileSync(endless, "name: It never ends\ncommand: [sleep, '600']\ntimeout: 600\n");
  const plan = makePlan({
    kind: "scenario",
    files: [join(scenarios, "success.yaml"), endless, join(scenarios, "failed.yaml")],
    archive: workshop.workerImage,
  });
  const child = spawn(tinsmithProgram, sessionArguments, {
    cwd: workshop.folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.send({ plan });
  expect(paths.sessions).toContain(workshop.folder);
  return child;
}

test.each<[string, (paths: Paths, session: string, child: ChildProcess) => unknown]>([
  ["the window's button", (paths, session) => stopSession(paths, session)],
  [
    "SIGTERM, as at a logout or the end of the desktop app,",
    (_paths, _session, child) => child.kill("SIGTERM"),
  ],
])("%s stops the scenario that runs, and the others don't start", async (_, stop) => {
  const paths = findPaths({ ...process.env, ...env });
  const list = createSessionList(paths);
  const before = (await list()).length;
  const child = start(paths);
  const exited = once(child, "exit");
  const ownSessions = async () => (await list()).slice(0, -before || undefined);
  const running = async () => {
    const [newest] = await ownSessions();
    expect(newest).toMatchObject({ title: "It never ends", status: "running" });
    return newest?.id ?? "";
  };
  // The image boots before.
  const second = await eventually(running, { timeout: 200_000, interval: 200 });
  await stop(paths, second, child);
  await exited;
  const own = await ownSessions();
  expect(own.map(({ title, status }) => [title, status])).toEqual([
    ["It never ends", "cancelled"],
    [expect.stringContaining("A success is reported again"), "succeeded"],
  ]);
  expect(own[0]?.series).toMatchObject({ earlier: [{ session: own[1]?.id, passed: true }] });
  expect(own[0]?.series?.names).toHaveLength(3);
});
