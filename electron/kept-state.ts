import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** What the shell keeps from one start to the next. */
export const keptStateSchema = z.object({
  version: z.literal(1).default(1),
  /** Where the window was on the screens, in device-independent pixels. */
  bounds: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional(),
  isMaximized: z.boolean().default(false),
  /** Paths that were opened, the latest first. */
  recent: z.array(z.string()).default([]),
});
export type KeptState = z.infer<typeof keptStateSchema>;

/** Keeps the state in a file. What can't be read begins anew: nothing in it is worth a question. */
export interface StateKeeper {
  readonly get: () => KeptState;
  /** Changes some of it, and writes it down. */
  change(change: Partial<Omit<KeptState, "version">>): void;
}

/** @param path the file; one of a newer version is left as it is, and nothing is kept */
export function createStateKeeper(path: string): StateKeeper {
  const { state: read, isNewer } = readState(path);
  let state = read;
  return {
    get: () => state,
    change: (change) => {
      state = { ...state, ...change };
      if (isNewer) return;
      writeFileSync(`${path}.partial`, `${JSON.stringify(state, null, 2)}\n`);
      renameSync(`${path}.partial`, path);
    },
  };
}

function readState(path: string): { readonly state: KeptState; readonly isNewer: boolean } {
  const fresh = keptStateSchema.parse({});
  try {
    const content: unknown = JSON.parse(readFileSync(path, "utf8"));
    const known = keptStateSchema.safeParse(content);
    if (known.success) return { state: known.data, isNewer: false };
    const versioned = z.object({ version: z.number() }).safeParse(content);
    return { state: fresh, isNewer: versioned.success && versioned.data.version > fresh.version };
  } catch {
    return { state: fresh, isNewer: false };
  }
}
