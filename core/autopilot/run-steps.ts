import type { Duplex } from "node:stream";
import type { AutopilotStep } from "../../shared/recipe/recipe.ts";
import type { GuestClock } from "../time/guest-clock.ts";
import { createSerialConsole } from "./serial-console.ts";

/** A guest under emulation on a busy host has taken up to 30 s from power-on to its prompt. */
const defaultWaitSeconds = 120;

interface AutopilotOptions {
  readonly signal: AbortSignal;
  /** Counts the seconds of a wait. */
  readonly clock: Pick<GuestClock, "after">;
  /** Called when a text has come that was waited for. */
  readonly onMatch: () => void;
  /** The output of a guest that continues: the console has shown it before. */
  readonly shown?: string | undefined;
  /** Called before the first line is typed, if something was waited for before. @param shown the output until then */
  readonly beforeTyping?: ((shown: string) => Promise<void>) | undefined;
}

/**
 * Acts on the serial console as a person would: waits for texts and types lines, in order.
 *
 * @throws AppError `timed-out` when a text does not come in time, with the last lines of the console;
 *   the signal's reason when it aborts.
 */
export async function runAutopilot(
  serial: Duplex,
  steps: readonly AutopilotStep[],
  { signal, clock, onMatch, shown, beforeTyping }: AutopilotOptions,
): Promise<void> {
  using console = createSerialConsole(serial, { clock, shown });
  const firstLine = steps.findIndex((step) => "type" in step);
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted();
    if (index === firstLine && index > 0) await beforeTyping?.(console.output());
    if ("type" in step) await console.typeLine(step.type, signal);
    else {
      await console.waitFor(step.wait, step.timeout ?? defaultWaitSeconds, signal);
      onMatch();
    }
  }
}
