import { join } from "node:path";
import type { OnNote } from "../../shared/session/note.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import type { OpenedImage } from "../image/archive/open-image.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { captureState, type StateSubject } from "../states/capture-state.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { SilenceAlarm } from "./silence-alarm.ts";

/**
 * A virtual machine that has booted, saved before its guest tools have made a request: from it, several runs start one after
 * another, and none sees anything of another. Disposing of it removes its files.
 */
export interface BootCheckpoint extends Disposable {
  /** A folder for its files. */
  readonly folder: string;
  /** The image that was booted, if any was: it stays unpacked until the checkpoint is disposed of. */
  image: OpenedImage | undefined;
  /** The file with the memory and the devices, if it was saved. */
  readonly memory: string;
  /** The layer of the disk at that moment. */
  readonly layer: string;
  isSaved: boolean;
}

export function createBootCheckpoint(): BootCheckpoint {
  const folder = createTemporaryFolder("boot", "the virtual machine that has booted");
  const checkpoint: BootCheckpoint = {
    folder: folder.path,
    image: undefined,
    memory: join(folder.path, "memory"),
    layer: join(folder.path, "layer.qcow2"),
    isSaved: false,
    [Symbol.dispose]: () => {
      checkpoint.image?.[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
  return checkpoint;
}

interface SaveOptions {
  readonly session: ServedSession;
  readonly signal: AbortSignal;
  readonly onNote: OnNote;
}

/**
 * Boots an image in a session until its guest tools connect to the MetaService, and saves that moment.
 *
 * @param files the new files
 * @throws AppError `guest-tools-lost` when they don't come; `qemu-failed`; the signal's reason.
 */
export async function saveBoot(
  subject: StateSubject,
  files: { readonly memory: string; readonly layer: string },
  { session, signal, onNote }: SaveOptions,
): Promise<void> {
  using silence = new SilenceAlarm(
    () => {},
    "See the guest's last lines: do the guest tools start at boot?",
    startGuestClock(),
  );
  await captureState(subject, {
    ...files,
    onNote,
    signal: AbortSignal.any([signal, silence.signal]),
    serialLog: session.serial.output,
    onCommand: (command) => session.record({ type: "qemu-started", command }),
    onEnd: (end) => session.record({ type: "qemu-ended", end }),
  });
}
