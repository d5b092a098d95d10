import { existsSync } from "node:fs";
import { AppError } from "../../shared/errors/errors.ts";
import { lastLines } from "../files/folders.ts";
import { endOfLog } from "../files/logs/log-tail.ts";
import type { SessionPaths } from "../storage/paths.ts";

const shownLines = 15;

const qemuTitle = "Last lines of QEMU:";

/** Adds the last output of QEMU and the guest to an error, and the place of the rest. */
export function withLastOutput(error: AppError, files: SessionPaths): AppError {
  const evidence = [
    ...(error.details.includes(qemuTitle) ? [] : section(qemuTitle, files.qemuLog)),
    ...section("Last lines of the serial console:", files.serialLog),
    ...section("Last lines of the guest's log:", files.taskLog),
    ...section("Last text on the screen:", files.screenText),
    ...(existsSync(files.screenshot) ? [`Last screen: ${files.screenshot}`] : []),
    `All logs: ${files.folder}`,
  ];
  return new AppError({ ...error.toJSON(), details: [...error.details, ...evidence] }, { cause: error });
}

/** QEMU's last lines as details of an error. */
export function qemuEvidence(lines: readonly string[]): readonly string[] {
  return titled(qemuTitle, lines);
}

function section(title: string, file: string): readonly string[] {
  return titled(title, lastLines(endOfLog(file), shownLines));
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
