import { existsSync } from "node:fs";
import { z } from "zod";
import {
  readVersioned,
  type VersionedFormat,
  writeVersioned,
} from "../../core/files/writing/versioned-json.ts";
import { toAppError } from "../../shared/errors/errors.ts";

const keptStateSchema = z.object({
  /** The place of the window on the screens, in device-independent pixels. */
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional(),
  isMaximized: z.boolean().default(false),
  /** Paths that were opened, the latest first. */
  recent: z.array(z.string()).default([]),
  /** The sessions that the app runs, by their ids, and those that ended with it and that nobody has decided about. */
  running: z.array(z.string()).default([]),
});
/** The shell's state, kept from one start to the next. */
export type KeptState = z.infer<typeof keptStateSchema>;

const format: VersionedFormat<KeptState> = {
  what: "the window's place",
  schema: keptStateSchema,
  migrations: [(older) => older],
};

/**
 * Keeps the state in a file. A file that can't be read is replaced by the default state: nothing in it is worth a
 * question.
 */
export interface StateKeeper {
  readonly get: () => KeptState;
  /** Changes some of it, and writes it down. */
  change(change: Partial<KeptState>): void;
}

/** @param path the file; one of a newer version is left as it is, and nothing is kept */
export function createStateKeeper(path: string): StateKeeper {
  let isNewer = false;
  let state = keptStateSchema.parse({});
  try {
    if (existsSync(path)) state = readVersioned(path, format);
  } catch (thrown) {
    isNewer = toAppError(thrown).code === "newer-version";
  }
  return {
    get: () => state,
    change: (change) => {
      state = { ...state, ...change };
      if (!isNewer) writeVersioned(path, format, state);
    },
  };
}
