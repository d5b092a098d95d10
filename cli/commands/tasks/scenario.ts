import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { type BootCheckpoint, createBootCheckpoint } from "../../../core/runner/boot-checkpoint.ts";
import { imageOfScenario, readScenario } from "../../../core/scenario/read-scenario.ts";
import { runScenario, type ScenarioRun } from "../../../core/scenario/run-scenario.ts";
import { createSeriesProgress } from "../../../core/scenario/series-progress.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import type { ScenarioResult } from "../../../shared/scenario/scenario-result.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options, wholeNumber } from "../../support/options.ts";
import { printTimings } from "../sessions/print-timings.ts";
import { brokenRun, prepareJunitFile } from "./junit-file.ts";
import { saveScenarioCommand } from "./save-scenario.ts";
import { createScenarioOutput } from "./scenario-output.ts";

interface Options {
  readonly image?: string;
  readonly guestTools?: string;
  readonly bootEach?: boolean;
  readonly warm?: boolean;
  readonly memory?: number;
  readonly repeat: number;
  readonly seed?: number;
  readonly junit?: string;
  readonly json?: boolean;
  readonly timings?: boolean;
}

/** `tinsmith scenario`. */
export function scenarioCommand(): Command {
  return new Command("scenario")
    .description(
      "Run scenarios: tasks with faults and actions, whose results are compared with expectations.",
    )
    .argument("<FILE...>", "scenario files")
    .option("--image <IMAGE>", "the image to run; without it, the worker image of the scenario's image set")
    .addOption(
      new Option(
        "--guest-tools <COMMAND>",
        "run these guest tools on this host, without a VM: a shell's command, with the MetaService's address in $TINSMITH_HOST",
      ).conflicts("image"),
    )
    .option("--boot-each", "boot the VM for each run; without it, it boots once, and each run starts there")
    .addOption(options.warm().conflicts(["bootEach", "guestTools"]))
    .addOption(options.memory())
    .addOption(
      new Option("--repeat <N>", "run each scenario this often")
        .argParser(wholeNumber(10_000, "runs"))
        .default(1),
    )
    .addOption(
      new Option(
        "--seed <S>",
        "the seed of the rules in the first run; each later run takes the next one",
      ).argParser(wholeNumber(2 ** 31, "a seed")),
    )
    .option("--junit <FILE>", "write the results to this file, in JUnit's form")
    .addOption(new Option("--json", "print the results as JSON, one a line, on stdout"))
    .addOption(options.timings())
    .action(run)
    .addCommand(saveScenarioCommand())
    .addHelpText(
      "after",
      `
A scenario that belongs to an image set is in the set's folder scenarios. See docs/ci.md.

Exit status: 0 all expectations were met, 1 one was not, 2 wrong usage or an invalid file, 5 trouble on this
host, 130 or 143 interrupted.

Examples:
  $ tinsmith scenario images/microcore/scenarios/*.yaml --junit results.xml
  $ tinsmith scenario save 20261123-013803-0b71 lost-result.yaml
  $ tinsmith scenario lost-result.yaml --image worker.tar.lz4 --repeat 20 --seed 1
  $ tinsmith scenario lost-result.yaml --guest-tools 'guest-tools --host $TINSMITH_HOST run'`,
    );
}

function run(files: readonly string[], given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const paths = findPaths();
    using cleanup = new DisposableStack();
    const runs = planRuns(files, given, cleanup);
    const report = given.junit === undefined ? undefined : prepareJunitFile(given.junit, runs);
    const output = createScenarioOutput(given);
    const { onFinding } = output;
    let session: string | undefined;
    const onEvent: typeof output.onEvent = (event) => {
      if (event.type === "run-started") session = event.session;
      output.onEvent(event);
    };
    const results: ScenarioResult[] = [];
    const progress = createSeriesProgress(runs.map(({ scenario }) => scenario.name));
    for (const one of runs)
      try {
        const run = { ...one, series: progress.next() };
        const result = await runScenario(run, { paths, signal, onEvent, onFinding });
        progress.add(result);
        results.push(result);
        output.onResult(result);
      } catch (thrown) {
        const broken = brokenRun(one, toAppError(thrown));
        output.onBroken(broken);
        report?.(results, broken);
        throw thrown;
      } finally {
        if (given.timings && session !== undefined) await printTimings(paths, session, given);
        session = undefined;
      }
    report?.(results);
    output.onEnd(results);
    return results.every(({ passed }) => passed) ? exitStatus.success : exitStatus.failed;
  });
}

/** All runs in their order. All files are read before the first one, so that a mistake in the last is found at once. */
function planRuns(
  files: readonly string[],
  given: Options,
  cleanup: DisposableStack,
): readonly ScenarioRun[] {
  const checkpoints = new Map<string, BootCheckpoint>();
  const scenarios = files.map((file) => ({ file, scenario: readScenario(file) }));
  const isOne = scenarios.length * given.repeat === 1;
  const checkpointOf = (archive: string) => {
    if (given.bootEach || isOne) return undefined;
    const known = checkpoints.get(archive) ?? cleanup.use(createBootCheckpoint());
    checkpoints.set(archive, known);
    return known;
  };
  const guestOf = (file: string): ScenarioRun["guest"] => {
    if (given.guestTools !== undefined) return { command: given.guestTools };
    const archive = given.image === undefined ? imageOfScenario(file) : resolve(given.image);
    if (archive === undefined) throw noImage(file);
    return { archive, memory: given.memory, isWarm: given.warm, checkpoint: checkpointOf(archive) };
  };
  return scenarios.flatMap(({ file, scenario }) => {
    const guest = guestOf(file);
    const first = given.seed ?? scenario.seed ?? randomInt(1, 2 ** 30);
    return Array.from({ length: given.repeat }, (_, index) => ({
      file,
      path: resolve(file),
      scenario,
      guest,
      seed: first + index,
    }));
  });
}

function noImage(file: string): AppError {
  return new AppError({
    code: "usage",
    message: `${file} does not belong to an image set, so there is no image to run it on`,
    advice: "Add --image IMAGE, or --guest-tools COMMAND.",
  });
}
