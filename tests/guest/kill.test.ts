import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execaSync } from "execa";
import { expect, inject, onTestFinished, test } from "vitest";
import { makeWorkshop, tinsmith } from "./tinsmith.ts";

// More of them: TINSMITH_KILLS=100 npx vitest run --project guest tests/guest/kill.test.ts
const kills = Number(process.env.TINSMITH_KILLS ?? 20);
/** A rebuild of the worker image takes about this long under emulation, and its last step, packing, a part of it. */
const rebuildMilliseconds = 10_000;
const packMilliseconds = 150;

const built = inject("workshop");
const workshop = makeWorkshop();
const home = join(workshop.folder, "tinsmith");

const digest = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Processes that name a file of the workshop: QEMU, relays, and Tinsmith itself. */
function processes(): string {
  return execaSync("pgrep", ["-f", "-a", workshop.folder], { reject: false }).stdout;
}

/** What should be gone when no session runs. */
function leftovers(): string[] {
  const sessions = readdirSync(join(home, "sessions")).flatMap((id) =>
    ["working", "packing"].map((name) => join(home, "sessions", id, name)),
  );
  const sockets = readdirSync(join(home, "run")).map((id) => join(home, "run", id));
  return [...sessions.filter((path) => existsSync(path)), ...sockets, ...partials()];
}

const partials = () => readdirSync(workshop.imageSet).filter((name) => name.endsWith(".partial"));

const rebuild = (onStderr = (_text: string, _kill: (signal: NodeJS.Signals) => void) => {}) =>
  tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet], { onStderr });

/** Kills a rebuild at a moment of its own choice: even ones at any time, odd ones while it packs. */
async function killedRebuild(round: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const killIn = (milliseconds: number, kill: (signal: NodeJS.Signals) => void) => {
    timer ??= setTimeout(() => kill("SIGKILL"), milliseconds);
  };
  const { exitStatus } = await rebuild((text, kill) => {
    if (round % 2 === 0) killIn(((round + Math.random()) / kills) * rebuildMilliseconds, kill);
    else if (text.includes("Guest: ")) killIn(Math.random() * packMilliseconds, kill);
  });
  clearTimeout(timer);
  return exitStatus === undefined;
}

test(`${kills} rebuilds killed at random moments lose nothing and leave nothing`, {
  timeout: kills * 60_000,
}, async () => {
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  await copyFile(built.setupImage, workshop.setupImage);
  await copyFile(built.workerImage, workshop.workerImage);
  const setupDigest = digest(workshop.setupImage);
  let workerDigest = digest(workshop.workerImage);
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    const wasKilled = await killedRebuild(round);
    killed += Number(wasKilled);
    // The kernel and the pipes' ends end QEMU and its relays, which takes them a moment.
    for (let tries = 0; processes() !== "" && tries < 40; tries += 1) await delay(50);
    expect(processes()).toBe("");
    expect(digest(workshop.setupImage)).toBe(setupDigest);
    if (digest(workshop.workerImage) !== workerDigest) {
      // It came to the end, or was killed after the new archive had got its name.
      const inspected = await tinsmith(workshop, ["inspect", workshop.workerImage]);
      expect(inspected.exitStatus).toBe(0);
      workerDigest = digest(workshop.workerImage);
    } else expect(wasKilled).toBe(true);
  }
  expect(killed).toBeGreaterThanOrEqual(kills / 2);
  expect(await rebuild()).toMatchObject({ exitStatus: 0 });
  expect(leftovers()).toEqual([]);
});
