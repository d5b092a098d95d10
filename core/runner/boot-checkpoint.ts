import { join } from "node:path";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { aborted } from "../async/abort.ts";
import { createTemporaryFolder } from "../files/writing/temporary-folder.ts";
import { copyLayer, diskOn, type OpenedImage } from "../image/archive/open-image.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import { saveState } from "../qemu/process/saved-state.ts";
import { startVirtualMachine } from "../qemu/process/virtual-machine.ts";
import { endedEarly } from "../qemu/process/vm-end.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import type { Paths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { vmCommand } from "../vm/vm-command.ts";
import { openGate } from "./connection-gate.ts";
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
  /** The layer of the disk at that moment, if it was saved. */
  readonly layer: string;
  /** The file with the memory and the devices, if it was saved. */
  readonly state: string;
  isSaved: boolean;
}

export function createBootCheckpoint(): BootCheckpoint {
  const folder = createTemporaryFolder("boot", "the virtual machine that has booted");
  const checkpoint: BootCheckpoint = {
    folder: folder.path,
    image: undefined,
    layer: join(folder.path, "layer.qcow2"),
    state: join(folder.path, "state"),
    isSaved: false,
    [Symbol.dispose]: () => {
      checkpoint.image?.[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
  return checkpoint;
}

/**
 * The machine and disk of a run of an image: the disk's layer is a copy in a folder of its own.
 *
 * @param layer the layer that is copied.
 */
export function startFrom(
  image: Pick<OpenedImage, "folder">,
  layer: string,
  folder: string,
): { readonly machine: Machine; readonly disk: Disk } {
  const copy = join(folder, "layer.qcow2");
  copyLayer(layer, copy);
  return { machine: readMachineFile(join(image.folder, "machine.json")), disk: diskOn(image, copy) };
}

interface SaveOptions {
  /** MiB; by default the machine definition's. */
  readonly memory?: number | undefined;
  readonly paths: Paths;
  readonly session: ServedSession;
  readonly signal: AbortSignal;
  readonly onNote: OnNote;
}

/**
 * Boots the image of a checkpoint until its guest tools connect to the MetaService, and saves that moment.
 *
 * @throws AppError `guest-tools-lost` when they don't come; `qemu-failed`; the signal's reason.
 */
export async function saveCheckpoint(
  checkpoint: BootCheckpoint,
  image: OpenedImage,
  options: SaveOptions,
): Promise<void> {
  const { session, memory, signal, onNote } = options;
  const files = session.paths;
  const { layer, state } = checkpoint;
  const machine = readMachineFile(join(image.folder, "machine.json"));
  copyLayer(image.layer, layer);
  const { command, emulation, notes } = await vmCommand({
    ...{ paths: options.paths, name: session.id, files, machine, memory, disk: diskOn(image, layer) },
  });
  if (emulation !== undefined) onNote(emulation, "accelerator");
  for (const note of notes) onNote(note);
  const clock = startGuestClock();
  using silence = new SilenceAlarm(
    () => {},
    "See the guest's last lines: do the guest tools start at boot?",
    clock,
  );
  await using cleanup = new AsyncDisposableStack();
  const gate = cleanup.use(await openGate(files.metaServiceSocket, clock));
  session.record({ type: "qemu-started", command });
  const vm = cleanup.use(
    await startVirtualMachine(command, files, { serialLog: session.serial.output, onNote }),
  );
  void vm.ended.then((end) => session.record({ type: "qemu-ended", end }));
  await vm.run();
  const lost = vm.ended.then((end) =>
    Promise.reject(
      endedEarly(end, { unfinished: "before its guest tools had started", guestCode: "guest-tools-lost" }),
    ),
  );
  const boot = async () => {
    await gate.untilConnected();
    vm.signOfLife();
    // A connection that is open now would be lost without a word, and the guest would wait for its response in vain.
    for (;;) {
      await vm.qmp.execute("stop");
      if (await gate.isQuiet()) return await saveState(vm.qmp, files.stateSocket, state);
      await vm.qmp.execute("cont");
      await gate.isQuiet();
    }
  };
  await Promise.race([boot(), lost, aborted(AbortSignal.any([signal, silence.signal]))]);
  checkpoint.isSaved = true;
}
