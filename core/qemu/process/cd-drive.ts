import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
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
   * Puts an ISO into it, in place of its medium.
   *
   * @param force takes out a medium that the guest has locked.
   * @throws AppError `guest-action-failed` when the guest does not release the medium, or can't since it is paused
   */
  insert(iso: string, force: boolean): Promise<void>;
  /** Empties it. @throws as `insert` */
  eject(force: boolean): Promise<void>;
}

/** @param clock the guest's */
export function createCdDrive(qmp: QmpClient, id: string, clock: GuestClock): CdDrive {
  const letGo = (force: boolean) => empty(qmp, id, force, clock);
  return {
    medium: async () => {
      const devices = blockDevices.parse(await qmp.execute("query-block"));
      const drive = devices.find(({ qdev }) => qdev?.split("/").includes(id));
      return drive?.tray_open ? undefined : drive?.inserted?.image.filename;
    },
    insert: async (iso, force) => {
      await letGo(force);
      const medium = { id, filename: iso, format: "raw", "read-only-mode": "read-only" };
      await qmp.execute("blockdev-change-medium", medium);
    },
    eject: letGo,
  };
}

/** Empties a drive. One that the guest has locked is asked for by QEMU: the guest may then open its tray. */
async function empty(qmp: QmpClient, id: string, force: boolean, clock: GuestClock): Promise<void> {
  const eject = () => qmp.execute("eject", { id, force });
  const opened = untilTrayMoves(qmp, clock);
  try {
    await eject();
  } catch (refused) {
    if (!(refused instanceof Error && refused.message.includes("locked"))) throw refused;
    await opened.promise;
    await eject().catch(() => {
      throw clock.isSuspended() ? heldWhilePaused() : heldByGuest();
    });
  } finally {
    opened.stop();
  }
}

/** A promise that settles when a tray has moved, or the guest had time enough to move it, or can't since it is paused. */
function untilTrayMoves(qmp: QmpClient, clock: GuestClock) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onEvent = ({ name }: QmpEvent) => name === trayMoved && resolve();
  qmp.on("event", onEvent);
  const patience = clock.after(ejectPatience, resolve);
  const pauses = clock.onSuspend(() => resolve());
  if (clock.isSuspended()) resolve();
  const stop = () => {
    patience[Symbol.dispose]();
    pauses[Symbol.dispose]();
    qmp.off("event", onEvent);
  };
  return { promise, stop };
}

function heldByGuest(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the guest has locked the CD drive, and does not release the CD",
    advice: "Unmount the CD in the guest, then try again. Or eject it by force: tinsmith cd eject --force.",
  });
}

function heldWhilePaused(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message:
      "the guest has locked the CD drive, and can't release the CD while the virtual machine is paused",
    advice:
      "Resume the virtual machine with tinsmith power resume, then try again. Or eject the CD by force: tinsmith cd eject --force.",
  });
}
