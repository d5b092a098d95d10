import { basename, join } from "node:path";
import type { OnNote } from "../../shared/session/note.ts";
import { aborted } from "../async/abort.ts";
import type { GrowingFileWriter } from "../files/logs/growing-file.ts";
import { copyLayer, diskOn, type OpenedImage } from "../image/archive/open-image.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Argv } from "../process/run-command.ts";
import type { Disk } from "../qemu/arguments/qemu-arguments.ts";
import { saveState } from "../qemu/process/saved-state.ts";
import { startVirtualMachine, type VirtualMachine } from "../qemu/process/virtual-machine.ts";
import { endedEarly, type VirtualMachineEnd } from "../qemu/process/vm-end.ts";
import type { Paths, SessionPaths } from "../storage/paths.ts";
import { startGuestClock } from "../time/guest-clock.ts";
import { type HostOptions, type VmCommand, vmCommand } from "../vm/vm-command.ts";
import { type ConnectionGate, openGate } from "./connection-gate.ts";
import { untilSettled } from "./settled-guest.ts";
import { type StateMoment, stateKey } from "./state-key.ts";

/** An image whose guest is saved at a moment of its boot, or was. */
export interface StateSubject extends Pick<HostOptions, "memory" | "internet"> {
  readonly paths: Paths;
  /** The files of the virtual machine. */
  readonly files: SessionPaths;
  /** Shown in window titles and QEMU's own messages. */
  readonly name: string;
  readonly moment: StateMoment;
  /** The path of the image's archive, for people. */
  readonly archive: string;
  readonly image: Pick<OpenedImage, "folder" | "layer" | "emptyLayer" | "digest">;
}

interface CaptureOptions {
  /** The new file for the memory and the devices. */
  readonly memory: string;
  /** The new file for the layer of the disk. */
  readonly layer: string;
  readonly signal: AbortSignal;
  readonly onNote: OnNote;
  /** Takes the guest's output on its serial port. */
  readonly serialLog?: GrowingFileWriter;
  readonly onCommand?: (command: Argv) => void;
  readonly onEnd?: (end: VirtualMachineEnd) => void;
}

/**
 * The key of the subject's state in the cache, and a description for people: a noun phrase.
 *
 * @throws AppError as `vmCommand` does
 */
export async function identifyState(
  subject: StateSubject,
): Promise<{ readonly key: string; readonly what: string }> {
  const { image, moment, archive } = subject;
  const { command, memory } = await commandOf(subject, diskOn(image, image.emptyLayer));
  const key = await stateKey({ moment, digest: image.digest, command });
  const before =
    moment === "guest-tools" ? "before its guest tools' first request" : "before it reads the data CD";
  const what = `the state of ${basename(archive)} (${memory / 1024 ** 2} MiB of memory) ${before}`;
  return { key, what };
}

/** The command of a virtual machine whose state is saved. */
async function commandOf(subject: StateSubject, disk: Disk): Promise<VmCommand> {
  const { paths, files, name, image, memory, internet } = subject;
  const machine = readMachineFile(join(image.folder, "machine.json"));
  return await vmCommand({
    ...{ paths, files, name, machine, disk, memory, internet },
    isRestorable: true,
  });
}

/**
 * Boots an image up to a moment, and saves the virtual machine then. Its guest sees nothing of that, also when it is
 * restored.
 *
 * @throws AppError `guest-tools-lost` or `build-failed` when the guest ends before; `timed-out` when it never waits;
 *   `qemu-failed`; the signal's reason.
 */
export async function captureState(
  subject: StateSubject,
  { memory, layer, signal, onNote, serialLog, onCommand, onEnd }: CaptureOptions,
): Promise<void> {
  const { files, image, moment } = subject;
  // A build starts from the bare disk, as its result has one layer.
  copyLayer(moment === "data-cd" ? image.emptyLayer : image.layer, layer);
  const { command, emulation, notes } = await commandOf(subject, diskOn(image, layer));
  if (emulation !== undefined) onNote(emulation, "accelerator");
  for (const note of notes) onNote(note);
  const clock = startGuestClock();
  await using cleanup = new AsyncDisposableStack();
  const gate = cleanup.use(await openGate(files.metaServiceSocket, clock));
  onCommand?.(command);
  const vm = cleanup.use(
    await startVirtualMachine(command, files, { onNote, ...(serialLog && { serialLog }) }),
  );
  if (onEnd) void vm.ended.then(onEnd);
  await vm.run();
  const lost = vm.ended.then((end) => Promise.reject(endedBefore(end, moment)));
  const { qmp, serial } = vm;
  const reached =
    moment === "guest-tools" ? gate.untilConnected() : untilSettled({ qmp, serial, folder: files.working });
  const save = async () => {
    await reached;
    vm.signOfLife();
    await saveQuietly(vm, gate, files.stateSocket, memory);
  };
  await Promise.race([save(), lost, aborted(signal)]);
}

/** A connection that is open now would be lost without a word, and the guest would wait for its response in vain. */
async function saveQuietly(
  vm: VirtualMachine,
  gate: ConnectionGate,
  socket: string,
  memory: string,
): Promise<void> {
  for (;;) {
    await vm.qmp.execute("stop");
    if (await gate.isQuiet()) return await saveState(vm.qmp, socket, memory);
    await vm.qmp.execute("cont");
    await gate.isQuiet();
  }
}

function endedBefore(end: VirtualMachineEnd, moment: StateMoment): Error {
  return moment === "guest-tools"
    ? endedEarly(end, { unfinished: "before its guest tools had started", guestCode: "guest-tools-lost" })
    : endedEarly(end, { unfinished: "before it waited for a data CD", guestCode: "build-failed" });
}
