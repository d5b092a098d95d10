import { rmSync } from "node:fs";
import { goBackMark } from "../../shared/checkpoint/checkpoint.ts";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { Task } from "../../shared/guest/guest-protocol.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { OnNote } from "../../shared/session/note.ts";
import { vmChanges } from "../../shared/session/session-event.ts";
import { formatDuration } from "../../shared/text/format.ts";
import type { Rewindable } from "../async/rewindable.ts";
import { cacheLimit } from "../cache/cache-budget.ts";
import type { GuestActions } from "../metaservice/actions/guest-actions.ts";
import type { TaskGate } from "../metaservice/endpoints/task-gate.ts";
import { type MetaService, startMetaService } from "../metaservice/service/meta-service.ts";
import type { Argv } from "../process/run-command.ts";
import { type CdRoms, type Disk, serialChannel } from "../qemu/arguments/qemu-arguments.ts";
import { createCdDrive } from "../qemu/process/cd-drive.ts";
import { awaitsState, loadState } from "../qemu/process/saved-state.ts";
import type { Snapshot } from "../qemu/process/snapshots.ts";
import { startVirtualMachine, type VirtualMachine } from "../qemu/process/virtual-machine.ts";
import { type OnInput, observeMachine } from "../recorder/observe-machine.ts";
import { createScreenPictures } from "../recording/screen-pictures.ts";
import type { ServedSession } from "../session/serve/served-session.ts";
import { StateFailure } from "../states/state-failure.ts";
import { hardwareArguments } from "../states/state-key.ts";
import type { Paths } from "../storage/paths.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { CheckpointsOptions } from "../vm/checkpoint/checkpoints.ts";
import { continueFrom, type KeepMoment, type SavedMoment } from "../vm/checkpoint/saved-moment.ts";
import { createMachineControl, type MachineControl } from "../vm/machine-control.ts";
import { createPauseReasons } from "../vm/pause/pause-reasons.ts";
import { watchProcessor } from "../vm/processor-watch.ts";
import { recordScreen } from "../vm/record-screen.ts";
import { setGuestClock } from "../vm/set-guest-clock.ts";
import { type HostOptions, vmCommand } from "../vm/vm-command.ts";
import { watchBoot } from "./boot-watch.ts";
import { followBreakpoints } from "./follow-breakpoints.ts";
import { keepClockRight } from "./keep-clock-right.ts";

export interface LaunchOptions extends HostOptions {
  readonly paths: Paths;
  readonly session: ServedSession;
  readonly machine: Machine;
  readonly disk: Disk;
  readonly cdRoms?: CdRoms | undefined;
  /** The file with the state of a virtual machine of the same hardware, which continues; without it, it boots. */
  readonly savedState?: string | undefined;
  /** The moment of the disk's layer from which it continues, of a virtual machine of the same hardware. */
  readonly moment?: SavedMoment | undefined;
  /** Keeps a checkpoint after the session's end; without it, none can be kept. */
  readonly keep?: KeepMoment | undefined;
  /** Sets the clock of a restored guest whose guest tools don't do that, by an action that shows in the Action log. */
  readonly setsClock?: boolean | undefined;
  /** Waits for an ISO that is put into the CD drive of a virtual machine with a saved state before it continues. @returns its path */
  readonly insert?: (() => Promise<string>) | undefined;
  /**
   * The task for the guest tools; without it the MetaService only takes logs, and the tools can't be asked for more.
   */
  readonly task?: Task | undefined;
  /** Holds the task back until it is opened. */
  readonly taskGate?: TaskGate | undefined;
  /** The path of a new file for the packets of the guest's network. */
  readonly pcap?: string | undefined;
  /** Takes the data that the guest posts to its log; while it has not settled, the guest waits. */
  readonly onLog: (bytes: Uint8Array) => void | Promise<void>;
  /** Called when the guest has posted a log to its end, before it gets the reply. */
  readonly onLogEnd: () => Promise<void>;
  readonly onResult?: (outcome: TaskOutcome) => void;
  /** Called at each sign of life from the guest at the MetaService. */
  readonly onActivity: () => void;
  /** The guest's clock, which stops while the guest is paused. */
  readonly clock: GuestClock;
  /** Called with a text for the person when the guest is paused, and when it resumes. */
  readonly onPauseChange: (text: string) => void;
  /** Called with each input that a person gives the guest at its screen, and with CDs and resets. */
  readonly onInput?: OnInput | undefined;
  /** The host's view of the guest's work, which goes back to a checkpoint with it. */
  readonly view?: readonly Rewindable[];
  /** Called with a line for the guest's log when the virtual machine has gone back to a checkpoint. */
  readonly onWentBack?: (mark: string) => void;
  /** Called when the virtual machine is reset, by the guest or a person. */
  readonly onReset?: () => void;
  /** The texts that logs leave out. */
  readonly secrets?: readonly string[] | undefined;
  /** Called with notes for the person about how the machine runs on this host. */
  readonly onNote: OnNote;
}

export interface LaunchedMachine extends VirtualMachine {
  /** Its hardware: see `hardwareArguments`. */
  readonly hardware: readonly string[];
  /** The operations of a person, for steps that act as one. */
  readonly control: MachineControl;
  /** Keeps the present moment: see `Checkpoints.saveMoment`. */
  saveMoment(moment: Snapshot): Promise<void>;
  /** Waits until no checkpoint is being made or restored. */
  settled(): Promise<void>;
}

/**
 * Starts a virtual machine with the MetaService behind its network. Its processor runs when this returns.
 * Disposing it ends first the machine, then the service.
 *
 * @throws AppError when the host lacks something, or QEMU does not start.
 */
export async function launch(options: LaunchOptions): Promise<LaunchedMachine> {
  const { session, onNote } = options;
  const files = session.paths;
  const isRestorable = options.savedState !== undefined || options.moment?.isRestorable === true;
  const vmPlan = await vmCommand({
    ...options,
    ...{ name: session.id, files, isRestorable },
  });
  const { cdDrive, keyboardLayout, notes, emulation } = vmPlan;
  const { savedState, moment } = options;
  const hardware = hardwareArguments(vmPlan.command);
  if (moment && moment.hardware.join("\n") !== hardware.join("\n")) throw new StateFailure(otherHardware());
  const command: Argv = savedState === undefined ? vmPlan.command : [...vmPlan.command, ...awaitsState];
  if (emulation !== undefined) onNote(emulation, "accelerator");
  for (const note of notes) onNote(note);

  await using cleanup = new AsyncDisposableStack();
  let signOfLife = () => {};
  const onActivity = () => {
    signOfLife();
    options.onActivity();
  };
  const service: MetaService = cleanup.use(
    await startMetaService({
      ...options,
      isRestored: savedState !== undefined || moment !== undefined,
      progress: moment?.progress,
      onLateClock: () => options.setsClock && void setLateClock(service.actions, onNote),
      onActivity,
      onAction: session.record,
      recorder: session.recorder,
      rules: session.rules,
      socketPath: files.metaServiceSocket,
      log: options.onLog,
    }),
  );
  if (options.task) cleanup.use(session.guest.provide(service.actions));
  // A file of an earlier try would pass for this one's.
  for (const file of [files.screenshot, files.screenText]) rmSync(file, { force: true });
  session.record({ type: "qemu-started", command });
  const { clock } = options;
  const pauseReasons = createPauseReasons((stands, text) => {
    clock.suspend(stands);
    const behind = stands ? "" : `; the guest's clock is ${formatDuration(clock.behind())} behind`;
    if (text !== undefined) options.onPauseChange(`${text}${behind}`);
  });
  const onceEnded = cleanup.use(new AsyncDisposableStack());
  const vm = cleanup.use(
    await startVirtualMachine(command, files, {
      serialLog: session.serial.output,
      secrets: options.secrets,
      onNote,
      onPause: (text) => pauseReasons.begin("space", text),
      onResume: (text) => pauseReasons.end("space", text),
      mayGoOn: pauseReasons.isEmpty,
    }).catch((error) => {
      throw savedState === undefined ? error : new StateFailure(error);
    }),
  );
  const sendBreak = async () => void (await vm.qmp.execute("chardev-send-break", { id: serialChannel }));
  cleanup.use(session.serial.connect({ input: vm.serial, sendBreak }));
  void vm.ended.then((end) => session.record({ type: "qemu-ended", end }));
  signOfLife = vm.signOfLife;
  const boot = watchBoot(vm.serial, (stage, line, time) =>
    session.record({ type: "boot-stage", stage, line, time }),
  );
  let processor: ReturnType<typeof watchProcessor> | undefined;
  // While it is halted: a guest that runs may be gone before QEMU is asked anything.
  vm.qmp.on("event", ({ name }) => {
    if (name === "RESET") {
      options.onReset?.();
      boot.restart();
      processor?.restart();
    }
    const change = Object.entries(vmChanges).find(([event]) => event === name)?.[1];
    if (change) session.record({ type: "vm-changed", change });
  });
  let returns = 0;
  const checkpoints = {
    ...{ problem: checkpointProblem(options.disk), memory: vmPlan.memory, network: vmPlan.network },
    mac: options.machine.mac,
    view: [service, boot, ...(options.view ?? [])],
    ...("layer" in options.disk && { disk: options.disk }),
    progress: service.progress,
    limit: () => cacheLimit(options.paths),
    keep: keepsMoments(options, { hardware, isRestorable }),
    ...{ cut: service.cutAll, record: session.record },
    onWentBack: (name: string) => {
      onNote(`The virtual machine went back to ${JSON.stringify(name)}.`);
      const mark = goBackMark(name);
      vm.markSerial(mark);
      options.onWentBack?.(mark);
      const before = ++returns;
      void keeper.setIfBehind(() => returns === before);
    },
  };
  const control = { files, cdDrive, keyboardLayout, pauseReasons, clock, checkpoints, onNote };
  const machine = cleanup.use(await createMachineControl(vm, control));
  const { disk } = options;
  // The disk may be packed, kept or booted again.
  if ("layer" in disk) onceEnded.defer(() => machine.checkpoints.drop(disk.layer).catch(() => {}));
  const actions = options.task && service.actions;
  const keeper = cleanup.use(keepClockRight({ machine, clock, actions, onNote }));
  if (savedState !== undefined) {
    const fail = (error: unknown) => {
      throw new StateFailure(error);
    };
    await loadState(vm.qmp, files.stateSocket, savedState).catch(fail);
    const iso = await options.insert?.();
    if (iso !== undefined) await createCdDrive(vm.qmp, cdDrive, clock).insert(iso, false).catch(fail);
  }
  if (moment) {
    await continueFrom(vm.qmp, moment, { mac: options.machine.mac, socketPath: files.stateSocket }).catch(
      (error) => {
        throw new StateFailure(error);
      },
    );
    clock.setBehind(Date.now() - moment.saved);
  }
  if (options.pcap !== undefined) await machine.networkDump.start(options.pcap);
  await vm.run();
  if (moment) void keeper.setIfBehind(() => true);
  // With a saved state or moment, the guest has booted already.
  processor =
    savedState === undefined && !moment
      ? watchProcessor(vm.qmp, (stage) => boot.begin(stage, "seen at the processor"))
      : undefined;
  const pictures = createScreenPictures(files.screens, {
    onChange: (picture) => session.record({ type: "screen-changed", picture }),
    onNote,
  });
  cleanup.use(recordScreen(vm.qmp, pictures, files.working));
  cleanup.use(followBreakpoints({ held: session.rules.held, machine, clock, actions, onNote }));
  const { onInput } = options;
  cleanup.use(session.machine.provide(onInput ? observeMachine(machine, onInput) : machine));
  const owned = cleanup.move();
  const { settled, saveMoment } = machine.checkpoints;
  return {
    ...vm,
    hardware,
    control: machine,
    settled,
    saveMoment,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function keepsMoments(
  { keep }: LaunchOptions,
  machine: Pick<Required<SavedMoment>, "hardware" | "isRestorable">,
): CheckpointsOptions["keep"] {
  return keep && ((checkpoint, copy) => keep({ ...checkpoint, ...machine }, copy));
}

function otherHardware(): AppError {
  return new AppError({
    code: "usage",
    message: "the virtual machine has other hardware now than the one whose moment was kept",
    advice: "Continue with the same QEMU, accelerator, memory and machine definition as then.",
  });
}

/** Only a layer keeps moments of a disk. */
function checkpointProblem(disk: Disk): string | undefined {
  return "layer" in disk ? undefined : "its disk is a raw file, which can't keep moments";
}

async function setLateClock(actions: GuestActions, onNote: OnNote): Promise<void> {
  await setGuestClock(actions, { isFreeOfRules: true }).then(
    ({ behindSeconds }) =>
      onNote(`The restored guest's clock was ${behindSeconds} s behind, and is right now.`),
    (error) => onNote(`The restored guest's clock is late: ${toAppError(error).message}.`),
  );
}
