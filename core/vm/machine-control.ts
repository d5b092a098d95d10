import type { Duplex } from "node:stream";
import { z } from "zod";
import { AppError } from "../../shared/errors/errors.ts";
import type { KeyboardLayout } from "../../shared/machine/keyboard-layout.ts";
import type { ScreenText } from "../../shared/screen/screen-text.ts";
import type { OnNote } from "../../shared/session/note.ts";
import type { VirtualMachineState } from "../../shared/session/virtual-machine.ts";
import { escapeName } from "../../shared/text/escape-name.ts";
import { argumentForShell } from "../../shared/text/quote-for-shell.ts";
import { createLatestValue } from "../async/latest-value.ts";
import { shareCalls } from "../async/share-calls.ts";
import { findKeyboardLayout } from "../qemu/keyboard/keyboard-layout.ts";
import { keyEventsOf, pressChord, typeKeys } from "../qemu/keyboard/type-keys.ts";
import { createCdDrive, trayMoved } from "../qemu/process/cd-drive.ts";
import type { QmpEvent } from "../qemu/process/qmp-client.ts";
import { createScreenOpener } from "../qemu/process/screen-socket.ts";
import { readScreen } from "../qemu/process/screenshot.ts";
import type { VirtualMachine } from "../qemu/process/virtual-machine.ts";
import type { Picture } from "../recording/ppm.ts";
import type { SessionPaths } from "../storage/paths.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { type CdLoader, createCdLoader } from "./cd-loader.ts";
import { type Checkpoints, type CheckpointsOptions, createCheckpoints } from "./checkpoint/checkpoints.ts";
import { createNetworkDump, type NetworkDump } from "./network-dump.ts";
import type { PauseReasons } from "./pause/pause-reasons.ts";
import { saveScreenshotAs } from "./save-screenshot.ts";
import { clickAt, type ScreenPlace } from "./screen-pointer.ts";

/** The operations that a person can do on a running virtual machine. */
export interface MachineControl extends Disposable {
  /** The state of the virtual machine, now and after each change, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<VirtualMachineState, void, void>;
  /** Presses its power button, which the guest may not listen to. @throws AppError `guest-action-failed` while it is paused */
  powerOff(): Promise<void>;
  /** Presses its reset button. */
  reset(): Promise<void>;
  /** Pauses the virtual machine, with its clocks and time-outs, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Pauses it while a breakpoint holds a message, as `pause` does. @param rule the breakpoint; undefined if none holds one any more */
  hold(rule: string | undefined): Promise<void>;
  /** To be called when the guest's clock was set. */
  clockIsRight(): void;
  /** Forces it off: ends it at once, as a power failure would. */
  kill(): Promise<void>;
  /** Its moments, to which it can go back. */
  readonly checkpoints: Omit<Checkpoints, "list">;
  /** Records the packets of its network: see NetworkDump. */
  readonly networkDump: Pick<NetworkDump, "start" | "stop">;
  readonly insertCd: CdLoader["insert"];
  readonly insertFiles: CdLoader["insertFiles"];
  readonly keepCdPart: CdLoader["keepPart"];
  readonly insertUpload: CdLoader["insertUpload"];
  readonly ejectCd: CdLoader["eject"];
  /** Saves a picture of its screen to a new file. @throws AppError `file-exists`, `qemu-failed`, `missing-file` */
  screenshot(target: string): Promise<void>;
  /** The text on its screen. @throws AppError `qemu-failed` without a screen */
  screenText(): Promise<ScreenText>;
  /** The picture on its screen. @throws AppError `qemu-failed` without a screen */
  screenPicture(): Promise<Picture>;
  /** The layout of its keyboard. */
  layout(): Promise<KeyboardLayout>;
  /**
   * Types a text, by the layout of its keyboard, as fast as the guest takes it.
   *
   * @throws AppError `usage` when the layout lacks a character, `busy` while another text is being typed; the
   *   signal's reason when it aborts
   */
  typeText(text: string, signal: AbortSignal): Promise<void>;
  /** Presses keys together once it runs, by QEMU's names for them, such as ctrl, alt and f2. */
  pressKeys(keys: readonly string[]): Promise<void>;
  /** Clicks at a place of its screen, in pixels, once it runs. @throws as `clickAt`, and the signal's reason when it aborts */
  click(place: ScreenPlace, signal: AbortSignal): Promise<void>;
  /** Opens a new connection to its VNC server. @throws AppError `qemu-failed` */
  openScreen(): Promise<Duplex>;
}

export interface MachineControlOptions {
  readonly files: Pick<SessionPaths, "working" | "vncSocket" | "stateSocket">;
  /** The id of the drive that CDs are put into. */
  readonly cdDrive: string;
  readonly keyboardLayout: string;
  readonly pauseReasons: PauseReasons;
  /** The guest's. */
  readonly clock: GuestClock;
  readonly checkpoints: Omit<
    CheckpointsOptions,
    "qmp" | "files" | "pauseReasons" | "clock" | "cdDrive" | "cdSource" | "onChange"
  >;
  /** Called with notes about the person's acts, for the session's log. */
  readonly onNote: OnNote;
}

/** A guest's clock that is less behind is not reported. */
const noticedSeconds = 2;
const vmStatus = z.object({ status: z.string() });

/** Controls a virtual machine that runs. Disposing it ends what is under way. */
export async function createMachineControl(
  vm: VirtualMachine,
  options: MachineControlOptions,
): Promise<MachineControl> {
  const { qmp } = vm;
  const { files, cdDrive, keyboardLayout, pauseReasons, clock, onNote } = options;
  const cd = createCdLoader(createCdDrive(qmp, cdDrive, clock), files.working);
  const gone = new AbortController();
  const dump = createNetworkDump(qmp, { onNote, onChange: () => void refresh() });
  const checkpoints = createCheckpoints({
    ...options.checkpoints,
    ...{ qmp, files, pauseReasons, clock, cdDrive: cd, cdSource: cd.source },
    onChange: () => void refresh(),
  });
  const findState = async (): Promise<VirtualMachineState> => {
    const [{ status }, source] = await Promise.all([
      qmp.execute("query-status").then((answer) => vmStatus.parse(answer)),
      cd.source(),
    ]);
    const waiting = status === "io-error" ? "waiting" : "running";
    const recording = dump.target();
    const clockBehind = Math.round(clock.behind() / 1000);
    return {
      status: pauseReasons.hasOwn() ? "paused" : waiting,
      cd: source,
      ...(checkpoints.list().length > 0 && { checkpoints: [...checkpoints.list()] }),
      ...(options.checkpoints.problem !== undefined && { checkpointProblem: options.checkpoints.problem }),
      ...(recording !== undefined && { recording }),
      ...(clockBehind >= noticedSeconds && { clockBehind }),
    };
  };
  const state = createLatestValue(await findState());
  // A QEMU that is about to leave answers no more. A guest may move its tray as often as it likes.
  const refresh = shareCalls(() => findState().then(state.set, () => {}));
  const clockIsRight = () => {
    clock.setRight();
    void refresh();
  };
  const onEvent = ({ name }: QmpEvent) => {
    // A guest that boots takes the time from the machine's real-time clock, which is the host's.
    if (name === "RESET") clockIsRight();
    if (["STOP", "RESUME", trayMoved].includes(name)) void refresh();
  };
  qmp.on("event", onEvent);
  let isTyping = false;

  return {
    watch: state.watch,
    powerOff: async () => {
      if (pauseReasons.hasOwn()) throw paused();
      await qmp.execute("system_powerdown");
      onNote(
        "The guest was asked to shut down. If it keeps running, it ignores its power button.",
        "shutdown",
      );
    },
    reset: async () => {
      await qmp.execute("system_reset");
      onNote("The virtual machine was reset by hand.");
    },
    pause: async () => {
      if (pauseReasons.has("person")) return;
      pauseReasons.begin("person", "paused by hand");
      await qmp.execute("stop");
      await refresh();
    },
    resume: async () => {
      if (!pauseReasons.has("person")) return;
      pauseReasons.end("person", "resumed by hand");
      if (pauseReasons.isEmpty()) await qmp.execute("cont");
      await refresh();
    },
    hold: async (rule) => {
      const isHolding = rule !== undefined;
      if (isHolding === pauseReasons.has("breakpoint")) return;
      if (isHolding) pauseReasons.begin("breakpoint", describeBreakpoint(rule));
      else pauseReasons.end("breakpoint", "resumed after a breakpoint");
      if (isHolding) await qmp.execute("stop");
      else if (pauseReasons.isEmpty()) await qmp.execute("cont");
      await refresh();
    },
    clockIsRight,
    checkpoints,
    networkDump: dump,
    kill: async () => {
      onNote("The virtual machine was forced off by hand.");
      await vm.screenshot();
      await vm.stop();
    },
    insertCd: async (path, options) => {
      await cd.insert(path, options).finally(refresh);
      onNote(`In the CD drive: ${path}`);
    },
    insertFiles: async (paths, options) => {
      await cd.insertFiles(paths, options).finally(refresh);
      onNote(`On a data CD in the CD drive: ${paths.join(", ")}`);
    },
    keepCdPart: cd.keepPart,
    insertUpload: async (upload, options) => {
      await cd.insertUpload(upload, options).finally(refresh);
      onNote(`On a data CD in the CD drive: ${await cd.source()}`);
    },
    ejectCd: async (force) => {
      await cd.eject(force).finally(refresh);
      onNote("The CD drive is empty.");
    },
    screenshot: (target) => saveScreenshotAs(qmp, target, files.working),
    screenText: vm.text.read,
    layout: () => findKeyboardLayout(keyboardLayout),
    typeText: async (text, signal) => {
      const events = keyEventsOf(text, await findKeyboardLayout(keyboardLayout));
      if (isTyping) throw busyTyping();
      isTyping = true;
      const stop = AbortSignal.any([signal, gone.signal]);
      try {
        await typeKeys(qmp, events, { signal: stop, whenRunning: () => whenRunning(state.watch(stop)) });
      } finally {
        isTyping = false;
      }
    },
    screenPicture: () => readScreen(qmp, files.working),
    click: async (place, signal) => {
      await whenRunning(state.watch(AbortSignal.any([signal, gone.signal])));
      signal.throwIfAborted();
      await clickAt(qmp, await readScreen(qmp, files.working), place);
    },
    pressKeys: async (keys) => {
      await whenRunning(state.watch(gone.signal));
      await pressChord(qmp, keys);
    },
    openScreen: createScreenOpener(qmp, files.vncSocket),
    [Symbol.dispose]: () => {
      qmp.off("event", onEvent);
      dump[Symbol.dispose]();
      gone.abort(new AppError({ code: "interrupted", message: "the virtual machine has ended" }));
    },
  };
}

/** Settles when the machine runs, or is gone. */
async function whenRunning(states: AsyncIterable<VirtualMachineState>): Promise<void> {
  for await (const { status } of states) if (status === "running") return;
}

function paused(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the virtual machine is paused, so its guest can't shut down",
    advice: "Resume it first: tinsmith power resume. Or force it off: tinsmith power kill.",
  });
}

function busyTyping(): AppError {
  return new AppError({
    code: "busy",
    message: "another text is being typed",
    advice: "Wait until that is done, or stop it.",
  });
}

function describeBreakpoint(rule: string): string {
  const word = escapeName(argumentForShell(rule));
  return `paused at a breakpoint: release the held message in the window (tinsmith serve), or with tinsmith rules remove ${word}`;
}
