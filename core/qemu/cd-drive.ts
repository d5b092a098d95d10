import { z } from "zod";
import { AppError } from "../../shared/errors.ts";
import type { QmpClient, QmpEvent } from "./qmp-client.ts";

const blockDevices = z.array(
  z.object({
    qdev: z.string().optional(),
    tray_open: z.boolean().default(false),
    inserted: z.object({ image: z.object({ filename: z.string() }) }).optional(),
  }),
);

/** The event that says that a drive's tray has been opened or closed. */
export const trayMoved = "DEVICE_TRAY_MOVED";

/** A guest that is asked to let a CD go does so at once, or not at all. Milliseconds. */
const ejectPatience = 3_000;

/** A CD drive of a virtual machine, by the id of its device. */
export interface CdDrive {
  /** The ISO that the guest finds in it; undefined while it is empty or its tray is open. */
  medium(): Promise<string | undefined>;
  /**
   * Puts an ISO into it, in place of what is there.
   *
   * @param force takes out what the guest holds.
   * @throws AppError `busy` when the guest does not let go of what is in it
   */
  insert(iso: string, force: boolean): Promise<void>;
  /** Empties it. @throws as `insert` */
  eject(force: boolean): Promise<void>;
}

export function createCdDrive(qmp: QmpClient, id: string): CdDrive {
  return {
    medium: async () => {
      const devices = blockDevices.parse(await qmp.execute("query-block"));
      const drive = devices.find(({ qdev }) => qdev?.split("/").includes(id));
      return drive?.tray_open ? undefined : drive?.inserted?.image.filename;
    },
    insert: async (iso, force) => {
      await letGo(qmp, id, force);
      const medium = { id, filename: iso, format: "raw", "read-only-mode": "read-only" };
      await qmp.execute("blockdev-change-medium", medium);
    },
    eject: (force) => letGo(qmp, id, force),
  };
}

/** Empties a drive. One that the guest has locked is asked for by QEMU: the guest may then open its tray. */
async function letGo(qmp: QmpClient, id: string, force: boolean): Promise<void> {
  const eject = () => qmp.execute("eject", { id, force });
  const opened = untilTrayMoves(qmp);
  try {
    await eject();
  } catch (refused) {
    if (!(refused instanceof Error && refused.message.includes("locked"))) throw refused;
    await opened.promise;
    await eject().catch(() => {
      throw heldByGuest();
    });
  } finally {
    opened.stop();
  }
}

/** A promise that settles when a tray has moved, or the guest had time enough to move it. */
function untilTrayMoves(qmp: QmpClient) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onEvent = ({ name }: QmpEvent) => name === trayMoved && resolve();
  qmp.on("event", onEvent);
  const timer = setTimeout(resolve, ejectPatience);
  const stop = () => {
    clearTimeout(timer);
    qmp.off("event", onEvent);
  };
  return { promise, stop };
}

function heldByGuest(): AppError {
  return new AppError({
    code: "busy",
    message: "the guest holds the CD: it has locked the drive, and does not let go",
    advice: "Unmount the CD in the guest, then try again; or take it out by force.",
  });
}
