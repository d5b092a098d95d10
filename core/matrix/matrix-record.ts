import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { errorDataSchema } from "../../shared/errors/error-schema.ts";
import type { MatrixEvent } from "../../shared/matrix/matrix-state.ts";
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

/** The last builds of the cells of a matrix, on disk: they outlive the process that builds them. */
export interface RecordedMatrix {
  readonly cells: Readonly<Record<string, CellRecord>>;
  /** Writes what an event says about cells. Other processes that build cells of the matrix write theirs. */
  readonly onEvent: (event: MatrixEvent) => void;
}

/** @param matrix the path of the file that has it. @throws AppError `newer-version`, `usage` for a damaged record */
export function openMatrixRecord(paths: Paths, matrix: string): RecordedMatrix {
  const path = join(paths.matrices, `${digestText(matrix)}.json`);
  const change = (cells: Readonly<Record<string, CellRecord>>) => {
    makeFolder(paths.matrices);
    changeVersioned(path, format, (current) => ({ matrix, cells: { ...current?.cells, ...cells } }));
  };
  const units = new Map<string, CellRecord>();
  const set = (name: string, changes: Partial<CellRecord>) => {
    const before = units.get(name);
    if (!before) return;
    const record = { ...before, ...changes };
    units.set(name, record);
    change({ [name]: record });
  };
  return {
    cells: existsSync(path) ? readVersioned(path, format).cells : {},
    onEvent: (event) => {
      const { time } = event;
      if (event.type === "matrix-started") {
        for (const { unit, kind } of event.units)
          if (kind === "cell") units.set(unit, { status: "waiting", time });
        change(Object.fromEntries(units));
      } else if (event.type === "unit-session")
        set(event.unit, { status: "running", time, session: event.session });
      else if (event.type === "unit-ended")
        set(event.unit, { status: event.result, time, error: event.error });
    },
  };
}

/** Whether `--failed` builds a cell again: its last build has failed, or did not come to its end. */
export function isUnfinished(record: CellRecord | undefined): boolean {
  return record !== undefined && record.status !== "succeeded" && record.status !== "up-to-date";
}
