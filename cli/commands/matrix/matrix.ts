import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { ReadStream } from "node:tty";
import { Command, InvalidArgumentError, Option } from "commander";
import { isUnfinished, openMatrixRecord } from "../../../core/matrix/matrix-record.ts";
import { type MatrixCell, matrixFileName, readMatrix } from "../../../core/matrix/read-matrix.ts";
import { findPaths, type Paths } from "../../../core/storage/paths.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { parseCellFilter } from "../../../shared/matrix/cell-filter.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options, wholeNumber } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { usualSet } from "../../support/usual-set.ts";
import { listCells } from "./list-cells.ts";

interface Options {
  readonly recipe?: string;
  readonly list?: boolean;
  readonly only?: string;
  readonly failed?: boolean;
  readonly jobs: number;
  readonly on?: "slurm";
  readonly work?: string;
  readonly sbatch?: readonly string[];
  readonly json?: boolean;
}

/** `tinsmith matrix`. */
export function matrixCommand(): Command {
  return new Command("matrix")
    .description("Build the variants of worker images that a recipe or a matrix.yaml names.")
    .addOption(
      new Option(
        "--recipe <FOLDER>",
        "the image set, or a folder with a matrix.yaml; images/matrix.yaml without it, or else images/microcore",
      ),
    )
    .option("--list", "build nothing: list the cells, each with its last build and its archive")
    .option("--only <EXPR>", "only the cells that match, such as machine=q35, memory>512 or cell=*debug*")
    .option("--failed", "only the cells whose last build has failed, or did not come to its end")
    .addOption(
      new Option("--jobs <NUMBER>", "builds that run at once, if there is memory and space for them")
        .argParser(parseJobs)
        .default(availableParallelism(), "auto: one for each core")
        .conflicts("on"),
    )
    .addOption(
      new Option("--on <ENGINE>", "build on other machines: slurm submits a job for each image").choices([
        "slurm",
      ]),
    )
    .option(
      "--sbatch <OPTION>",
      "with --on slurm: an option that each job gets, such as --partition=main; it can be repeated",
      (option: string, before: readonly string[] = []) => [...before, option],
    )
    .option(
      "--work <FOLDER>",
      "with --on slurm: a folder for jobs that all nodes see; by default below TINSMITH_HOME",
    )
    .addOption(options.json())
    .action(matrix)
    .addHelpText(
      "after",
      `
A cell is a worker image, built in a session of its own. Setup images and guest tools that cells share are built once,
before them. A cell that is up to date is not built again. The failure of one does not end the others. If this command is
killed, its sessions and jobs continue; the next one follows them.

Terms of a filter are joined by & and |. Keys: cell, set, machine, guestTools, size, memory, variables. A * stands for
any text. A word alone is the name of a cell.

Keys, in a terminal: p pauses and resumes, q or Ctrl-C cancels all builds.

Exit status: 0 all cells are built or up to date, 1 a cell has failed, 2 wrong usage or an invalid matrix, 5 trouble on this
host, 130 and 143 cancelled.

Examples:
  $ tinsmith matrix --list
  $ tinsmith matrix --only 'guestTools=debug & memory>512' --jobs 4
  $ tinsmith matrix --failed
  $ tinsmith matrix --on slurm --sbatch=--partition=main --sbatch=--constraint=ssd`,
    );
}

/** Many more than any host has room for. */
const mostJobs = 1000;

function parseJobs(text: string): number {
  if (text === "auto") return availableParallelism();
  try {
    return wholeNumber(mostJobs, "builds")(text);
  } catch {
    throw new InvalidArgumentError(`It must be auto, or a whole number of builds from 1 to ${mostJobs}.`);
  }
}

function matrix(given: Options): Promise<void> {
  return runToExit(async (signal) => {
    if (given.on === undefined && (given.work ?? given.sbatch) !== undefined)
      throw new AppError({
        code: "usage",
        message: "--work and --sbatch are options of jobs in Slurm",
        advice: "Add --on slurm.",
      });
    const paths = findPaths();
    const { path, cells } = readMatrix(resolve(given.recipe ?? usualPlace(paths)));
    using record = openMatrixRecord(paths, path);
    const chosen = chooseCells(cells, given, (cell) => isUnfinished(record.cells[cell.name]));
    if (given.list) {
      listCells(chosen, { ...given, records: record.cells });
      return exitStatus.success;
    }
    if (chosen.length === 0) {
      if (!given.json) print("No cell has failed.\n");
      return exitStatus.success;
    }
    const { buildCells } = await import("./build-cells.ts");
    return await buildCells(chosen, {
      ...given,
      paths,
      path,
      record,
      signal,
      input: process.stdin as ReadStream,
    });
  });
}

/** A file of several image sets in the folder at hand, or the usual set. */
function usualPlace(paths: Paths): string {
  const here = `images/${matrixFileName}`;
  return existsSync(here) ? here : usualSet(paths);
}

/** @throws AppError `usage` when no cell matches the filter */
function chooseCells(
  cells: readonly MatrixCell[],
  { only, failed }: Options,
  hasFailed: (cell: MatrixCell) => boolean,
): readonly MatrixCell[] {
  const matching = only === undefined ? cells : cells.filter(parseCellFilter(only));
  if (only !== undefined && matching.length === 0)
    throw new AppError({
      code: "usage",
      message: `no cell of this matrix matches ${JSON.stringify(only)}`,
      advice: "tinsmith matrix --list lists the cells.",
    });
  return failed ? matching.filter(hasFailed) : matching;
}
