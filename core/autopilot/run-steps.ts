import type { Duplex } from "node:stream";
import {
  type InstallStep,
  namedKeys,
  partsOfKeys,
  waitsForPowerOff,
} from "../../shared/recipe/install-step.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import type { Expected } from "./console/console-view.ts";
import { createScreenConsole } from "./console/screen-console.ts";
import { createSerialConsole } from "./console/serial-console.ts";
import type { TextConsole } from "./console/text-console.ts";
import type { InstallScript } from "./install-script.ts";

/** A virtual machine as the steps use it. */
export interface SteppedMachine {
  readonly serial: Duplex;
  readonly control: Pick<
    MachineControl,
    "screenText" | "typeText" | "pressKeys" | "insertCd" | "ejectCd" | "reset"
  >;
}

interface AutopilotOptions {
  readonly signal: AbortSignal;
  readonly clock: Pick<GuestClock, "after">;
  /** Called when a text has come that was waited for. */
  readonly onMatch: () => void;
  /** The output of a guest that continues: the serial console has shown it before. */
  readonly shown?: string | undefined;
  /** Called before the guest gets the first input, if something was waited for before. @param shown the serial console's output until then */
  readonly beforeTyping?: ((shown: string) => Promise<void>) | undefined;
}

/** A guest under emulation on a busy host has taken up to 30 s from power-on to its prompt. */
const defaultWaitSeconds = 120;

/**
 * Installs as a person would: waits for texts, types lines, presses keys and changes CDs, in order.
 *
 * @throws AppError `timed-out` when a text does not come in time, with the last lines of the console, and those of the steps
 *   that the virtual machine refuses; the signal's reason when it aborts.
 */
export async function runAutopilot(
  { serial, control }: SteppedMachine,
  { console: consoleName, steps }: InstallScript,
  { signal, clock, onMatch, shown, beforeTyping }: AutopilotOptions,
): Promise<void> {
  using cleanup = new DisposableStack();
  const serialConsole = cleanup.use(createSerialConsole(serial, { clock, shown }));
  let screen: TextConsole | undefined;
  const screenConsole = () => {
    screen ??= cleanup.use(createScreenConsole({ ...control, read: control.screenText, clock }));
    return screen;
  };
  const console = consoleName === "serial" ? serialConsole : screenConsole();
  const pressKeys = async (text: string) => {
    for (const part of partsOfKeys(text)) {
      const key = "key" in part ? namedKeys[part.key] : undefined;
      if (consoleName === "serial") serial.write("text" in part ? part.text : (key?.terminal ?? ""));
      else if ("text" in part) await control.typeText(part.text, signal);
      else if (key) await control.pressKeys([key.qemu]);
    }
  };
  const wait = async (on: TextConsole, wanted: NonNullable<InstallStep["wait"]>, timeout?: number) => {
    await on.waitFor(expectedOf(wanted), timeout ?? defaultWaitSeconds, signal);
    onMatch();
  };
  const isWait = ({ wait, screen }: InstallStep) => wait !== undefined || screen !== undefined;
  const firstInput = steps.findIndex((step) => !isWait(step));
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted();
    if (index === firstInput && index > 0) await beforeTyping?.(serialConsole.output());
    if (waitsForPowerOff(step)) return;
    if (step.wait !== undefined) await wait(console, step.wait, step.timeout);
    else if (step.screen !== undefined) await wait(screenConsole(), step.screen, step.timeout);
    else if (step.type !== undefined) await console.typeLine(step.type, signal);
    else if (step.keys !== undefined) await pressKeys(step.keys);
    else if (step.press !== undefined) await control.pressKeys(step.press);
    else if (step.insert !== undefined) await control.insertCd(step.insert, { force: false, signal });
    else if (step.eject) await control.ejectCd(false);
    else if (step.reset) await control.reset();
  }
}

function expectedOf(wanted: NonNullable<InstallStep["wait"]>): Expected {
  return typeof wanted === "string" ? wanted : new RegExp(wanted.match);
}
