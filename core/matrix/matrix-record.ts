import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ErrorData } from "../../shared/errors/error-data.ts";
import { errorDataSchema } from "../../shared/errors/error-schema.ts";
import { toAppError } from "../../shared/errors/errors.ts";
import type { MatrixEvent } from "../../shared/matrix/matrix-state.ts";
import { beforeForcedStop } from "../async/process-end.ts";
import { digestText } from "../files/digest.ts";
import { makeFolder } from "../files/folders.ts";
import { changeVersioned, readVersioned, type VersionedFormat } from "../files/writing/versioned-json.ts";
import type { Paths } from "../storage/paths.ts";

const cellRecordSchema = z.object({
  /** The last one. A cell that waits or runs was not finished if the process that built it is gone. */
  status: z.enum(["waiting", "running", "succeeded", "up-to-date", "failed", "cancelled"]),
  /** Of the status, in milliseconds since the epoch. */
  time: z.number(),
  session: z.string().optional(),
  error: errorDataSchema.optional(),
});
/** The last build of a cell. */
export type CellRecord = z.infer<typeof cellRecordSchema>;

const recordSchema = z.object({
  /** The path of the file that has the matrix. */
  matrix: z.string(),
  /** By name. */
  cells: z.record(z.string(), cellRecordSchema),
});
type MatrixRecord = z.infer<typeof recordSchema>;

const format: VersionedFormat<MatrixRecord> = {
  what: "the state of a matrix",
  schema: recordSchema,
  migrations: [(record) => record],
};

/**
 * The last builds of the cells of a matrix, on disk: they outlive the process that builds them. Disposing of it writes all that is
 * not written yet.
 */
export interface RecordedMatrix extends Disposable {
  /** By name, as they were when the record was opened. */
  readonly cells: Readonly<Record<string, CellRecord>>;
  /** Writes what an event says about cells. Other processes that build cells of the matrix write theirs. */
  readonly onEvent: (event: MatrixEvent) => void;
}

/** The record of many cells takes a while to write: a pause follows that is so many times as long. */
const pauseFactor = 9;

/** A full disk, and a record that a newer Tinsmith has written meanwhile. */
const forgivable: readonly string[] = ["no-space", "newer-version"];

/** An error without its evidence, which is in the log of the session. */
function shortened(error: ErrorData | undefined): ErrorData | undefined {
  return error && { code: error.code, message: error.message, advice: error.advice };
}

/** @param matrix the path of the file that has it. @throws AppError `newer-version`, `usage` for a damaged record */
export function openMatrixRecord(paths: Paths, matrix: string): RecordedMatrix {
  const path = join(paths.matrices, `${digestText(matrix)}.json`);
  const cells = new Map<string, CellRecord>();
  const changed = new Map<string, CellRecord>();
  let timer: NodeJS.Timeout | undefined;
  let pauseEnd = 0;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0) return;
    const started = performance.now();
    makeFolder(paths.matrices);
    const changes = Object.fromEntries(changed);
    changed.clear();
    try {
      changeVersioned(path, format, (current) => ({ matrix, cells: { ...current?.cells, ...changes } }));
    } catch (error) {
      // The builds are worth more than the record of them.
      if (!forgivable.includes(toAppError(error).code)) throw error;
    }
    const now = performance.now();
    pauseEnd = now + pauseFactor * (now - started);
  };
  const set = (name: string, record: CellRecord) => {
    cells.set(name, record);
    changed.set(name, record);
  };
  const change = (name: string, changes: Pick<CellRecord, "status" | "time"> & Partial<CellRecord>) => {
    const before = cells.get(name);
    if (before) set(name, { ...before, ...changes });
  };
  const lastAct = beforeForcedStop("the record of the matrix", write);
  return {
    cells: existsSync(path) ? readVersioned(path, format).cells : {},
    onEvent: (event) => {
      const { time } = event;
      if (event.type === "matrix-started")
        for (const { unit, kind } of event.units) {
          if (kind === "cell") set(unit, { status: "waiting", time });
        }
      else if (event.type === "unit-session")
        change(event.unit, { status: "running", time, session: event.session });
      else if (event.type === "unit-ended")
        change(event.unit, { status: event.result, time, error: shortened(event.error) });
      if (changed.size > 0) timer ??= setTimeout(write, Math.max(0, pauseEnd - performance.now()));
    },
    [Symbol.dispose]: () => {
      write();
      lastAct[Symbol.dispose]();
    },
  };
}

/** Whether `--failed` builds a cell again: its last build has failed, or did not come to its end. */
export function isUnfinished(record: CellRecord | undefined): boolean {
  return record !== undefined && record.status !== "succeeded" && record.status !== "up-to-date";
}
