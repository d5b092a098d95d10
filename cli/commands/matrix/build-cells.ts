import { resolve } from "node:path";
import type { ReadStream } from "node:tty";
import { findUpToDate } from "../../../core/builder/freshness/judge-rebuild.ts";
import type { PausableEngine } from "../../../core/matrix/engine.ts";
import { createLocalEngine } from "../../../core/matrix/engines/local.ts";
import { createSlurmEngine } from "../../../core/matrix/engines/slurm/slurm.ts";
import type { RecordedMatrix } from "../../../core/matrix/matrix-record.ts";
import { planUnits } from "../../../core/matrix/plan-units.ts";
import type { MatrixCell } from "../../../core/matrix/read-matrix.ts";
import { runMatrix } from "../../../core/matrix/run-matrix.ts";
import type { MatrixUnit } from "../../../core/matrix/units.ts";
import { sessionArguments, startSessionProcess } from "../../../core/session/client/start-session.ts";
import { installation } from "../../../core/storage/installation.ts";
import type { Paths } from "../../../core/storage/paths.ts";
import { countResults } from "../../../shared/matrix/matrix-state.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { printNote } from "../../support/print.ts";
import { interruptKey, readKeys } from "../guest/terminal/read-keys.ts";
import { askForSecrets } from "../images/ask-for-secrets.ts";
import { createMatrixOutput } from "./matrix-output.ts";

interface BuildOptions {
  readonly paths: Paths;
  /** The path of the file that has the matrix. */
  readonly path: string;
  readonly record: RecordedMatrix;
  readonly jobs: number;
  /** The engine; without it, the builds run on this host. */
  readonly on?: "slurm";
  /** The folder of jobs in Slurm. */
  readonly work?: string;
  /** Options of sbatch. */
  readonly sbatch?: readonly string[];
  readonly json?: boolean;
  readonly signal: AbortSignal;
  /** The terminal with the person's keys. */
  readonly input: ReadStream;
}

/** So that a person can work on the host meanwhile; as `nice` takes it. */
const niceness = "10";

/** Builds cells, and all that they need. @returns the exit status. @throws the signal's reason when it aborts */
export async function buildCells(cells: readonly MatrixCell[], options: BuildOptions): Promise<number> {
  const { paths, path, record, json, signal, input } = options;
  const units = await withSecrets(planUnits(cells), paths, signal);
  const engine = createEngine(options);
  using output = createMatrixOutput({ json: json ?? false });
  const onEvent: typeof output.onEvent = (event) => {
    record.onEvent(event);
    output.onEvent(event);
  };
  let isPaused = false;
  using _keys =
    json || !input.isTTY
      ? undefined
      : readKeys(input, (key) => {
          if (key === "q" || key === interruptKey) process.kill(process.pid, "SIGINT");
          if (key !== "p") return;
          isPaused = !isPaused;
          engine.setPaused(isPaused);
          output.onEvent({ type: "matrix-paused", isPaused, time: Date.now() });
        });
  const state = await runMatrix({ matrix: path, units, engine, paths, signal, onEvent, onNote: printNote });
  output.printSummary(state);
  signal.throwIfAborted();
  return countResults(state.units.values()).failed > 0 ? exitStatus.failed : exitStatus.success;
}

function createEngine({ paths, jobs, on, work = paths.slurm, sbatch = [] }: BuildOptions): PausableEngine {
  if (on === "slurm") return createSlurmEngine({ paths, work: resolve(work), sbatch });
  return createLocalEngine({
    ...{ paths, jobs },
    startSession: (plan) =>
      startSessionProcess(
        ["nice", "-n", niceness, process.execPath, installation.commandLine, ...sessionArguments],
        plan,
      ),
  });
}

/** Asks once for the secrets of the install steps of each image set, if a setup image is to be built. */
async function withSecrets(
  units: readonly MatrixUnit[],
  paths: Paths,
  signal: AbortSignal,
): Promise<readonly MatrixUnit[]> {
  const known = new Map<string, Readonly<Record<string, string>>>();
  const result: MatrixUnit[] = [];
  for (const unit of units) {
    if (unit.kind !== "setup" || (await findUpToDate(unit.plan, paths, signal))) {
      result.push(unit);
      continue;
    }
    const { folder } = unit.plan;
    const secrets = known.get(folder) ?? (await askForSecrets(unit.plan, signal));
    known.set(folder, secrets);
    result.push({ ...unit, plan: { ...unit.plan, secrets } });
  }
  return result;
}
