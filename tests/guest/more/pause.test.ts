import { spawn } from "node-pty";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { type Outcome, tinsmith, tinsmithProgram } from "../tinsmith.ts";

const workshop = makeBuiltWorkshop();
/** Longer than a shell's guest may leave a ping unanswered. Milliseconds. */
const pause = 50_000;

let ended: Promise<Outcome>;
let interrupt = (_signal: NodeJS.Signals) => {};

beforeAll(async () => {
  const ready = Promise.withResolvers<void>();
  ended = tinsmith(workshop, ["run", "--keep-alive", workshop.workerImage, "--", "true"], {
    onStderr: (text, kill) => {
      interrupt = kill;
      if (text.includes("look into it with")) ready.resolve();
    },
  });
  await Promise.race([ready.promise, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
});
afterAll(async () => {
  interrupt("SIGINT");
  await ended;
});

test("a shell outlives a long pause, after which the guest's clock is told to be behind, and can be set", async () => {
  const terminal = spawn(tinsmithProgram, ["shell"], {
    cols: 100,
    rows: 24,
    cwd: workshop.folder,
    env: { ...process.env, XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder },
  });
  let shown = "";
  terminal.onData((text) => {
    shown += text;
  });
  terminal.write("echo here $((6 * 7))\r");
  await eventually(() => expect(shown).toContain("here 42"), { timeout: 60_000 });
  expect(await tinsmith(workshop, ["power", "pause"])).toMatchObject({ exitStatus: 0 });
  const paused = performance.now();
  const isOver = () => expect(performance.now() - paused).toBeGreaterThan(pause);
  await eventually(isOver, { timeout: 2 * pause, interval: 500 });
  const resumed = await tinsmith(workshop, ["power", "resume"]);
  expect(resumed.stdout.toString()).toMatch(
    /^The virtual machine runs again\. Its guest's clock is (\d\d\.\d s|1 min \d+ s) behind: tinsmith power set-clock sets it\.\n$/,
  );
  terminal.write("echo still $((6 * 7))\r");
  await eventually(() => expect(shown).toContain("still 42"), { timeout: 60_000 });
  terminal.kill();

  const set = await tinsmith(workshop, ["power", "set-clock"]);
  expect(set.stdout.toString()).toMatch(
    /^The guest's clock was set; it was (\d\d\.\d s|\d min \d+ s) behind\.\n$/,
  );
  const { stdout } = await tinsmith(workshop, ["shell", "--", "date", "-u", "+%s"]);
  expect(Math.abs(Number(stdout.toString()) - Date.now() / 1000)).toBeLessThan(20);
  expect((await tinsmith(workshop, ["power", "resume"])).stdout.toString()).toBe(
    "The virtual machine runs again.\n",
  );
});
