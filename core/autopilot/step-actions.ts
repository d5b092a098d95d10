import { resolve } from "node:path";
import type { Duplex } from "node:stream";
import { AppError } from "../../shared/errors/errors.ts";
import {
  defaultTolerance,
  type InstallStep,
  namesIn,
  waitsForPowerOff,
} from "../../shared/recipe/install-step.ts";
import { namedKeys, partsOfKeys } from "../../shared/recipe/step-keys.ts";
import type { Restore, Rewindable } from "../async/rewindable.ts";
import { hideSecrets } from "../files/logs/hide-secrets.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import type { MachineControl } from "../vm/machine-control.ts";
import { createScreenConsole } from "./console/screen-console.ts";
import { createSerialConsole } from "./console/serial-console.ts";
import type { TextConsole } from "./console/text-console.ts";
import type { InstallScript } from "./install-script.ts";
import { readRegionPicture } from "./region/region-picture.ts";
import { waitForRegion } from "./region/wait-for-region.ts";

/** A virtual machine as the steps use it. */
export interface SteppedMachine {
  readonly serial: Duplex;
  readonly control: Pick<
    MachineControl,
    "screenText" | "screenPicture" | "typeText" | "pressKeys" | "click" | "insertCd" | "ejectCd" | "reset"
  > & { readonly checkpoints: Pick<MachineControl["checkpoints"], "make" | "delete"> };
}

/** Does single install steps on a virtual machine, until it is disposed of. */
export interface StepActions extends Disposable, Rewindable {
  /**
   * Does a step, as a person would.
   *
   * @returns the text that a wait has found, or the place of the picture
   * @throws AppError `timed-out` when a text does not come in time, with the last lines of the console, and those of the steps
   *   that the virtual machine refuses; the signal's reason when it aborts
   */
  perform(step: InstallStep, signal: AbortSignal): Promise<string | undefined>;
  /** The last line of the console on which the steps wait and type; empty when it shows none. */
  lastLine(): string;
  /** Calls back after each change of what that console shows, until that is disposed of. */
  onChange(listener: () => void): Disposable;
  /** All that the serial console has shown, as far as it is kept. */
  serialOutput(): string;
}

interface ActionsOptions {
  readonly clock: Pick<GuestClock, "after">;
  /** The output of a guest that continues: the serial console has shown it before. */
  readonly shown?: string | undefined;
}

/** A guest under emulation on a busy host has taken up to 30 s from power-on to its prompt. */
const defaultWaitSeconds = 120;

export function createStepActions(
  { serial, control }: SteppedMachine,
  { console: consoleName, folder, values }: InstallScript,
  { clock, shown }: ActionsOptions,
): StepActions {
  using cleanup = new DisposableStack();
  const serialConsole = cleanup.use(createSerialConsole(serial, { clock, shown }));
  let screen: (TextConsole & Disposable) | undefined;
  const screenConsole = () => {
    screen ??= createScreenConsole({ ...control, read: control.screenText, clock });
    return screen;
  };
  cleanup.defer(() => screen?.[Symbol.dispose]());
  const console = consoleName === "serial" ? serialConsole : screenConsole();
  const pressKeys = async (text: string, signal: AbortSignal) => {
    for (const part of partsOfKeys(text)) {
      signal.throwIfAborted();
      const key = "key" in part ? namedKeys[part.key] : undefined;
      if (consoleName === "serial") serial.write("text" in part ? part.text : (key?.terminal ?? ""));
      else if ("text" in part) await control.typeText(part.text, signal);
      else if (key) await control.pressKeys([key.qemu]);
    }
  };
  const makeCheckpoint = async (name: string) => {
    // One of the same step, which is done again.
    await control.checkpoints.delete(name).catch(() => {});
    await control.checkpoints.make(name);
  };
  const waitForPicture = async (path: string, step: InstallStep, signal: AbortSignal) => {
    const options = { name: path, tolerance: step.tolerance ?? defaultTolerance, signal };
    const seconds = step.timeout ?? defaultWaitSeconds;
    const screen = { read: control.screenPicture, clock };
    const { x, y } = await waitForRegion(screen, readRegionPicture(resolve(folder, path)), {
      ...options,
      seconds,
    });
    const [right, down] = step.click ?? [];
    if (right !== undefined && down !== undefined) await control.click({ x: x + right, y: y + down }, signal);
    return `at ${x}, ${y}`;
  };
  const perform: StepActions["perform"] = async (step, signal) => {
    const seconds = step.timeout ?? defaultWaitSeconds;
    if (step.wait !== undefined && !waitsForPowerOff(step))
      return await console.waitFor(step.wait, seconds, signal);
    if (step.screen !== undefined) return await screenConsole().waitFor(step.screen, seconds, signal);
    if (step.region !== undefined) return await waitForPicture(step.region, step, signal);
    if (step.click !== undefined) await control.click({ x: step.click[0], y: step.click[1] }, signal);
    else if (step.type !== undefined)
      await console.typeLine(values.resolve(step.type), {
        signal,
        isSecret: namesIn([step], "secret").length > 0,
      });
    else if (step.keys !== undefined) await pressKeys(step.keys, signal);
    else if (step.press !== undefined) await control.pressKeys(step.press);
    else if (step.insert !== undefined)
      await control.insertCd(resolve(folder, step.insert), { force: false, signal });
    else if (step.eject) await control.ejectCd(false);
    else if (step.reset) await control.reset();
    else if (step.checkpoint !== undefined) await makeCheckpoint(step.checkpoint);
    return undefined;
  };
  const withoutSecrets = (error: AppError) => {
    const { details = [], ...told } = error.toJSON();
    return new AppError({ ...told, details: details.map((line) => hideSecrets(line, values.secrets)) });
  };
  const owned = cleanup.move();
  return {
    perform: async (step, signal) => {
      const found = await perform(step, signal).catch((error) => {
        throw error instanceof AppError ? withoutSecrets(error) : error;
      });
      return found && hideSecrets(found, values.secrets);
    },
    lastLine: () => hideSecrets(console.lastLine(), values.secrets),
    onChange: console.onChange,
    serialOutput: serialConsole.output,
    remember: async () => {
      const consoles = screen ? [serialConsole, screen] : [serialConsole];
      const restores: readonly Restore[] = await Promise.all(consoles.map((one) => one.remember()));
      return async () => {
        for (const restore of restores) await restore();
      };
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}
