import { AppError, toAppError } from "../../shared/errors/errors.ts";
import type { OffChoice } from "../../shared/session/build.ts";
import type { PendingChoice } from "../session/live/pending-choice.ts";
import type { BuildReport } from "./build-step.ts";

interface HandWork {
  /** Runs the guest on the working image until it is off. @returns milliseconds */
  readonly run: () => Promise<number>;
  readonly choice: PendingChoice<OffChoice>;
  readonly report: BuildReport;
  readonly signal: AbortSignal;
}

/**
 * Lets a person work in the guest, and asks each time that it is off, for whatever reason, whether to keep its disk:
 * work done in a virtual machine that died is not lost.
 *
 * @returns milliseconds for which guests ran, in all.
 * @throws AppError `interrupted` when it is discarded; the signal's reason when it aborts.
 */
export async function runByHand({ run, choice, report, signal }: HandWork): Promise<number> {
  let milliseconds = 0;
  for (;;) {
    const text = await run().then(
      (time) => {
        milliseconds += time;
        return "The guest has powered off.";
      },
      (thrown) => {
        signal.throwIfAborted();
        const { message, details } = toAppError(thrown);
        return [`The guest is off: ${message}.`, ...details].join("\n");
      },
    );
    report({ type: "guest-off", text });
    const chosen = await choice.ask(signal);
    report({ type: "choice-made", choice: chosen });
    if (chosen === "package") return milliseconds;
    if (chosen === "discard") throw discarded();
  }
}

function discarded(): AppError {
  return new AppError({
    code: "interrupted",
    message: "the installation was discarded",
    advice: "The old image, if there was one, is as it was.",
  });
}
