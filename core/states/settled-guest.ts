import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../shared/errors/errors.ts";
import { digestText } from "../files/digest.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";

/** Between two looks at the guest, in milliseconds. */
const interval = 100;
/** A guest that has done nothing for this many looks waits for something. While it boots, it waits 3 s for its network card. */
const quietLooks = 60;
/** It may be busy for this many looks in a row: one that looks for a CD again and again starts programs for that. */
const busyLooks = 20;
/** Between two looks at the screen, which take longer. */
const looksAScreen = 5;
/** A guest that has not come to rest by then never does, such as one that shows the time. Milliseconds. */
const longest = 180_000;

const blockStats = z.array(
  z.object({ stats: z.object({ rd_operations: z.number(), wr_operations: z.number() }) }),
);

interface SettledOptions {
  readonly qmp: Pick<QmpClient, "execute">;
  /** The guest's first serial port. */
  readonly serial: Duplex;
  /** An existing folder for pictures of the screen. */
  readonly folder: string;
}

/**
 * Waits until a guest has booted and waits for something: it prints nothing, its screen shows nothing new, its disk is at
 * rest, and its processor is halted every now and then. The guest notices nothing of it.
 *
 * @throws AppError `timed-out` when it doesn't come to rest
 */
export async function untilSettled({ qmp, serial, folder }: SettledOptions): Promise<void> {
  let printed = 0;
  const onData = (bytes: Uint8Array) => {
    printed += bytes.length;
  };
  serial.on("data", onData);
  try {
    const screens = new Set<string>();
    let last = "";
    let quiet: readonly boolean[] = [];
    const end = performance.now() + longest;
    for (let looks = 0; performance.now() < end; looks += 1) {
      if (looks % looksAScreen === 0) screens.add(await digestScreen(qmp, folder));
      // A cursor that blinks shows pictures that are known.
      const now = `${await countOperations(qmp)} ${printed} ${screens.size}`;
      quiet = now === last ? [...quiet, await isHalted(qmp)].slice(-quietLooks) : [];
      last = now;
      if (isSettled(quiet)) return;
      await delay(interval);
    }
  } finally {
    serial.off("data", onData);
  }
  throw new AppError({
    code: "timed-out",
    message: `the guest has not come to rest within ${longest / 1000} s, so its state was not saved`,
    advice: "Builds boot it, as they do without a saved state.",
  });
}

/** @param quiet whether the processor was halted, at each look since the guest has done something else */
export function isSettled(quiet: readonly boolean[]): boolean {
  if (quiet.length < quietLooks) return false;
  let busy = 0;
  return quiet.every((halted) => {
    busy = halted ? 0 : busy + 1;
    return busy <= busyLooks;
  });
}

async function countOperations(qmp: SettledOptions["qmp"]): Promise<number> {
  const devices = blockStats.parse(await qmp.execute("query-blockstats"));
  return devices.reduce((sum, { stats }) => sum + stats.rd_operations + stats.wr_operations, 0);
}

async function isHalted(qmp: SettledOptions["qmp"]): Promise<boolean> {
  const registers = await qmp.execute("human-monitor-command", { "command-line": "info registers -a" });
  return !/\bHLT=0\b/.test(z.string().parse(registers));
}

async function digestScreen(qmp: SettledOptions["qmp"], folder: string): Promise<string> {
  const filename = join(folder, "screen.ppm");
  await qmp.execute("screendump", { filename });
  return digestText(await readFile(filename));
}
