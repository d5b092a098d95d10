import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readVersioned, type VersionedFormat, writeVersioned } from "../../files/writing/versioned-json.ts";
import { dropSnapshot } from "../../qemu/process/snapshots.ts";
import type { LaunchedMachine } from "../../runner/launch-vm.ts";
import type { SavedMoment } from "../../vm/checkpoint/saved-moment.ts";
import { workFiles } from "./retry-work.ts";

/** The moment in the layer of the disk. */
const tag = "booted";

const bootedSchema = z.object({
  /** Milliseconds since the epoch. */
  saved: z.number(),
  /** See `hardwareArguments`. */
  hardware: z.array(z.string()),
  /** The last output on the serial console, until then. */
  shown: z.string(),
});

const format: VersionedFormat<z.infer<typeof bootedSchema>> = {
  what: "a guest that has booted",
  schema: bootedSchema,
  migrations: [(record) => record],
  isPrivate: true,
};

/** The guest of an installation that has booted, and in which nothing was typed: a retry of a failed build continues from it. */
export interface BootedGuest {
  readonly moment: SavedMoment;
  /** Its last output on the serial console. */
  readonly shown: string;
}

/** Keeps the present moment of a guest. Its disk's layer has a part of it. @param working the session's working folder */
export async function saveBootedGuest(
  working: string,
  vm: Pick<LaunchedMachine, "saveMoment" | "hardware">,
  shown: string,
): Promise<void> {
  const { folder, memoryFile, record } = filesIn(working);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const saved = Date.now();
    await vm.saveMoment({ tag, memoryFile });
    writeVersioned(record, format, { saved, hardware: [...vm.hardware], shown });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

/** Finds the guest that a failed build has kept. */
export function findBootedGuest(working: string): BootedGuest | undefined {
  const { memoryFile, record } = filesIn(working);
  if (!existsSync(record)) return undefined;
  const { shown, ...origin } = readVersioned(record, format);
  return { moment: { tag, memoryFile, ...origin }, shown };
}

/** Deletes a kept guest, whose build needs it no more. @param layer the disk's; undefined when that is deleted, too */
export async function dropBootedGuest(working: string, layer?: string): Promise<void> {
  const { folder, memoryFile } = filesIn(working);
  if (!existsSync(folder)) return;
  if (layer !== undefined) await dropSnapshot({ tag, memoryFile }, layer);
  rmSync(folder, { recursive: true });
}

function filesIn(working: string) {
  const folder = join(working, workFiles.booted);
  return { folder, memoryFile: join(folder, "memory"), record: join(folder, "booted.json") };
}
