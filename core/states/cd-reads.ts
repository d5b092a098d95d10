import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { QmpClient } from "../qemu/process/qmp-client.ts";

/** Between two looks, in milliseconds. */
const interval = 100;

const blockStats = z.array(
  z.object({ qdev: z.string().optional(), stats: z.object({ rd_operations: z.number() }) }),
);

/** Waits until the guest has read from a CD. @throws AppError `qemu-failed` when QEMU ends before */
export async function untilCdIsRead(qmp: Pick<QmpClient, "execute">): Promise<void> {
  for (;;) {
    const devices = blockStats.parse(await qmp.execute("query-blockstats"));
    const drives = devices.filter(({ qdev = "" }) => qdev.endsWith("-cd") || qdev.includes("-cd/"));
    if (drives.some(({ stats }) => stats.rd_operations > 0)) return;
    await delay(interval);
  }
}
