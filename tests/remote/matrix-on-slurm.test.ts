import { appendFileSync, copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { eventually } from "../eventually.ts";
import { makeWorkshop, tinsmith, type Workshop } from "../guest/tinsmith.ts";
import { nodeFeature, type SlurmCluster, startSlurm } from "./slurm-cluster.ts";

// Each test boots several virtual machines.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let slurm: SlurmCluster;
/** A setup image, of which each test has a copy. */
let built: Workshop;

beforeAll(async () => {
  built = makeWorkshop();
  expect(await tinsmith(built, ["rebuild", "setup", "--recipe", built.imageSet])).toMatchObject({
    exitStatus: 0,
  });
  slurm = await startSlurm();
  return async () => {
    await slurm[Symbol.asyncDispose]();
    rmSync(built.folder, { recursive: true });
  };
});

/** A person's folder, in which the nodes find all that they need. */
function makeShared(memory: string): Workshop {
  const workshop = makeWorkshop();
  onTestFinished(() => rmSync(workshop.folder, { recursive: true }));
  copyFileSync(built.setupImage, workshop.setupImage);
  copyFileSync(
    join(import.meta.dirname, "../guest/shell-guest-tools.sh"),
    join(workshop.imageSet, "tools.sh"),
  );
  appendFileSync(
    join(workshop.imageSet, "recipe.yaml"),
    `\nguestTools: {binary: tools.sh}\nmatrix: {memory: ${memory}}\n`,
  );
  return workshop;
}

type Options = NonNullable<Parameters<typeof tinsmith>[2]>;

const onSlurm = (workshop: Workshop, args: readonly string[] = [], options: Options = {}) =>
  tinsmith(workshop, ["matrix", "--recipe", workshop.imageSet, "--on", "slurm", "--json", ...args], {
    ...options,
    env: slurm.env,
  });

const eventsOf = (stdout: Buffer | string): readonly Record<string, unknown>[] =>
  stdout
    .toString()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
const ofType = (stdout: Buffer | string, type: string) =>
  eventsOf(stdout).filter((event) => event.type === type);
const archiveOf = ({ imageSet }: Workshop, cell: string) => join(imageSet, "matrix", `${cell}.tar.lz4`);
const jobsOf = ({ folder }: Workshop) => join(folder, "tinsmith/slurm/jobs");
const queue = () => slurm.run("squeue", "--noheader", "--format=%i %T %r");
/** Calls back once, when a text has been printed, or a test of all that was printed holds. */
const once = (
  sought: string | ((printed: string) => boolean),
  act: (interrupt: (signal: NodeJS.Signals) => void) => void,
) => {
  let isDone = false;
  return (printed: string, interrupt: (signal: NodeJS.Signals) => void) => {
    if (isDone || !(typeof sought === "string" ? printed.includes(sought) : sought(printed))) return;
    isDone = true;
    act(interrupt);
  };
};

test("the archives of a matrix on Slurm are those that are built one by one, and are known here afterwards", async () => {
  const workshop = makeShared("[300, 400]");
  const outcome = await onSlurm(workshop, ["--sbatch=--partition=main", "--sbatch=--time=30"]);
  expect(outcome).toMatchObject({ exitStatus: 0 });
  expect(ofType(outcome.stdout, "matrix-finished")).toMatchObject([{ counts: { succeeded: 2 } }]);
  const steps = ofType(outcome.stdout, "unit-step").filter(({ unit }) => unit === "microcore/300");
  expect(steps.map(({ step }) => step)).toEqual(expect.arrayContaining(["boot", "guest", "pack"]));

  const alone = makeShared("[300]");
  expect(await tinsmith(alone, ["rebuild", "worker", "--recipe", alone.imageSet])).toMatchObject({
    exitStatus: 0,
  });
  for (const cell of ["300", "400"])
    expect(
      await tinsmith(workshop, [
        "diff",
        archiveOf(workshop, cell),
        alone.workerImage,
        "--ignore",
        "expected",
      ]),
    ).toMatchObject({ exitStatus: 0 });

  // Nothing of a job is left that has succeeded, and no cell is built again: here, or on Slurm.
  expect(readdirSync(jobsOf(workshop))).toEqual([]);
  for (const again of [
    await onSlurm(workshop),
    await tinsmith(workshop, ["matrix", "--recipe", workshop.imageSet]),
  ])
    expect(again.stdout.toString()).toMatch(/"up-to-date":2|2 up to date/);
});

test("a cell that waits, and one that Slurm refuses, say why in Slurm's words", async () => {
  const workshop = makeShared("[300]");
  const blocker = await slurm.run(
    "sbatch",
    "--parsable",
    "--mem=4000",
    "--output=/dev/null",
    "--wrap=exec sleep 600",
  );
  const outcome = await onSlurm(workshop, [], {
    onStdout: once('"unit-waits"', () => void slurm.run("scancel", blocker)),
  });
  expect(outcome).toMatchObject({ exitStatus: 0 });
  const reasons = ofType(outcome.stdout, "unit-waits").map(({ reason }) => reason);
  expect(reasons).toContainEqual(expect.stringMatching(/^Slurm: (Resources|Priority|PENDING)/));

  const other = makeShared("[300]");
  const refused = await onSlurm(other, ["--sbatch=--constraint=gold"]);
  expect(refused).toMatchObject({ exitStatus: 1 });
  expect(ofType(refused.stdout, "unit-ended")).toMatchObject([
    {
      result: "failed",
      error: {
        message: "the job of microcore/300 was refused. Slurm says: Invalid feature specification",
        advice: expect.stringContaining("the job needs 556 MiB and a core of one node"),
      },
    },
  ]);
  expect(readdirSync(jobsOf(other))).toEqual([]);
  const held = await onSlurm(other, ["--sbatch=--hold", `--sbatch=--constraint=${nodeFeature}`], {
    onStdout: once("JobHeldUser", (interrupt) => interrupt("SIGINT")),
  });
  expect(held).toMatchObject({ exitStatus: 130 });
  expect(await queue()).toBe("");
});

test("a build outlives the daemon of its node, and a job that somebody cancels says so", async () => {
  const workshop = makeShared("[300]");
  const outcome = await onSlurm(workshop, [], {
    onStdout: once('"step":"boot"', () => void slurm.killNode()),
  });
  expect(outcome).toMatchObject({ exitStatus: 0 });
  expect(existsSync(archiveOf(workshop, "300"))).toBe(true);
  await slurm.startNode();
  await eventually(async () => expect(await queue()).toBe(""), { timeout: 60_000 });

  const other = makeShared("[300]");
  const cancelled = await onSlurm(other, [], {
    onStdout: once('"step":"boot"', () => void slurm.run("scancel", "--me")),
  });
  expect(cancelled).toMatchObject({ exitStatus: 1 });
  const [ended] = ofType(cancelled.stdout, "unit-ended");
  expect(ended).toMatchObject({
    result: "failed",
    error: {
      message: expect.stringMatching(
        new RegExp(`^Slurm's job \\d+ has ended without a result: CANCELLED.* on node ${slurm.node}$`),
      ),
      advice: expect.stringContaining("output.txt"),
    },
  });
});

test("a killed matrix leaves its jobs, which the next one finds, and Ctrl-C ends all of them", async () => {
  const workshop = makeShared("[300, 310, 320]");
  const isSubmitted = (printed: string) => {
    const seen = [...ofType(printed, "unit-waits"), ...ofType(printed, "unit-started")];
    return new Set(seen.map(({ unit }) => unit)).size === 3;
  };
  const killed = await onSlurm(workshop, [], {
    onStdout: once(isSubmitted, (interrupt) => interrupt("SIGKILL")),
  });
  expect(killed.exitStatus).not.toBe(0);
  const ids = async () => (await slurm.run("squeue", "--noheader", "--format=%i")).split("\n").sort();
  const before = await ids();
  expect(before).toHaveLength(3);
  let during: readonly string[] = [];
  const next = await onSlurm(workshop, [], {
    onStdout: once('"unit-started"', () => void ids().then((found) => (during = found))),
  });
  expect(next).toMatchObject({ exitStatus: 0 });
  expect(during.length).toBeGreaterThan(0);
  expect(before).toEqual(expect.arrayContaining([...during]));
  expect(readdirSync(jobsOf(workshop))).toEqual([]);

  writeFileSync(join(workshop.imageSet, "tools.sh"), "#!/bin/sh\n# other\n");
  const interrupted = await onSlurm(workshop, [], {
    onStdout: once('"step":"boot"', (interrupt) => interrupt("SIGINT")),
  });
  expect(interrupted).toMatchObject({ exitStatus: 130 });
  expect(await queue()).toBe("");
  expect(ofType(interrupted.stdout, "unit-ended").map(({ result }) => result)).toEqual(
    Array(3).fill("cancelled"),
  );
});
