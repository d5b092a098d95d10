import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { digestFile } from "../../../core/files/digest.ts";
import { eventually } from "../../eventually.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { type Outcome, tinsmith } from "../tinsmith.ts";

// A hundred of them: ./test.sh kills
const kills = Number(process.env.TINSMITH_KILLS ?? 20);

/** About how many milliseconds things take under emulation. */
const durations = { rebuild: 10_000, pack: 150, extract: 250, boot: 6_000 } as const;

const workshop = makeBuiltWorkshop();
const home = join(workshop.folder, "tinsmith");

/** Processes that name a file of the workshop: QEMU, relays, and Tinsmith itself. */
function processes(): string {
  return execaSync("pgrep", ["-f", "-a", workshop.folder], { reject: false }).stdout;
}

/** Ids of the sessions whose working files are there. */
function unclearedSessions(): string[] {
  const sessions = join(home, "sessions");
  if (!existsSync(sessions)) return [];
  return readdirSync(sessions).filter((id) => existsSync(join(sessions, id, "working")));
}

/** The files and processes that should be gone when no session runs. */
function leftovers(): string[] {
  const names = readdirSync(workshop.imageSet);
  const partials = names.filter((name) => name.includes(".tinsmith-"));
  return [...unclearedSessions(), ...readdirSync(join(home, "run")), ...partials];
}

/** When a command is killed: so long after it has printed a text to stderr, or anything to stdout. */
interface Moment {
  readonly after: { readonly stderr: string } | "stdout";
  readonly milliseconds: number;
}

/** Runs a command, which is killed unless it ends before; then no process is left, and it has said what it cleared. */
async function run(args: readonly string[], moment?: Moment): Promise<Outcome> {
  const uncleared = unclearedSessions();
  let isTold = false;
  const killSoon = (kill: (signal: NodeJS.Signals) => void) => {
    if (!isTold) void letTimePass(moment?.milliseconds ?? 0).then(() => kill("SIGKILL"));
    isTold = true;
  };
  const outcome = await tinsmith(workshop, args, {
    onStderr: (text, kill) => {
      if (moment && moment.after !== "stdout" && text.includes(moment.after.stderr)) killSoon(kill);
    },
    onStdout: (_text, kill) => {
      if (moment?.after === "stdout") killSoon(kill);
    },
  });
  // The kernel and the pipes' ends end QEMU and its relays, which takes them a moment.
  await eventually(() => expect(processes()).toBe(""));
  const cleared = uncleared.filter((id) => !unclearedSessions().includes(id));
  for (const id of cleared)
    expect(outcome.stderr).toContain(`note: Cleaned up after the killed session ${id}: its working files`);
  return outcome;
}

type Way = "--cold" | "--warm";
const rebuild = (way: Way) => ["rebuild", "worker", "--recipe", workshop.imageSet, "--force", way];

/** Every second rebuild continues from a saved state, in this part of the time. */
const warmPart = 0.4;

/** Four of five rebuilds are killed at any time, one while it packs, which is short. */
function rebuildMoment(round: number, way: Way): Moment {
  const duration = durations.rebuild * (way === "--warm" ? warmPart : 1);
  return round % 5 < 4
    ? { after: { stderr: "" }, milliseconds: ((round + Math.random()) / kills) * duration }
    : { after: { stderr: "Guest: " }, milliseconds: Math.random() * durations.pack };
}

test(`${kills} rebuilds killed at random moments lose nothing and leave nothing`, {
  timeout: kills * 60_000,
}, async () => {
  const setupDigest = await digestFile(workshop.setupImage);
  let workerDigest = await digestFile(workshop.workerImage);
  expect(await run(["warm", "setup", "--recipe", workshop.imageSet])).toMatchObject({ exitStatus: 0 });
  let killed = 0;
  for (let round = 0; round < kills; round += 1) {
    const way = round % 2 === 0 ? "--cold" : "--warm";
    const { exitStatus } = await run(rebuild(way), rebuildMoment(round, way));
    killed += Number(exitStatus === undefined);
    expect(await digestFile(workshop.setupImage)).toBe(setupDigest);
    const digest = await digestFile(workshop.workerImage);
    if (digest === workerDigest) expect(exitStatus).toBeUndefined();
    // It came to the end, or was killed after the new archive had got its name.
    else expect(await run(["inspect", workshop.workerImage])).toMatchObject({ exitStatus: 0 });
    workerDigest = digest;
  }
  expect(killed).toBeGreaterThanOrEqual(kills / 2);
  for (const way of ["--warm", "--cold"] as const)
    expect(await run(rebuild(way))).toMatchObject({ exitStatus: 0 });
  expect(leftovers()).toEqual([]);
});

/** At most so long: while the image is extracted, the guest boots, it fetches its task, and the task logs. */
const runMoments: readonly Moment[] = [
  { after: { stderr: "session " }, milliseconds: durations.extract },
  { after: { stderr: "session " }, milliseconds: durations.boot },
  { after: { stderr: "the guest tools have started" }, milliseconds: 200 },
  { after: "stdout", milliseconds: 1_000 },
];

const runs = Math.ceil(kills / 20) * runMoments.length;

test(`${runs} runs killed at random moments lose nothing and leave nothing`, {
  timeout: runs * 60_000,
}, async () => {
  const digest = await digestFile(workshop.workerImage);
  const start = ["run", workshop.workerImage, "--", "sh", "-c"];
  for (let done = 0; done < runs; done += runMoments.length) {
    for (const { after, milliseconds } of runMoments) {
      const moment = { after, milliseconds: Math.random() * milliseconds };
      const { exitStatus } = await run([...start, "while :; do echo at work; done"], moment);
      expect(exitStatus).toBeUndefined();
      expect(unclearedSessions()).toHaveLength(1);
      expect(await digestFile(workshop.workerImage)).toBe(digest);
    }
  }
  const last = await run([...start, "echo done"]);
  expect(last.stdout.toString()).toBe("done\r\n");
  expect(last.exitStatus).toBe(0);
  expect(leftovers()).toEqual([]);
});
