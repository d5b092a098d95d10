import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../shared/errors/errors.ts";
import { aborted } from "../async/abort.ts";
import type { ActionOptions, GuestActions } from "../metaservice/actions/guest-actions.ts";
import { runInGuest } from "./guest-command.ts";

/**
 * Has the guest start its tools again. The script that starts them at boot (images/tinycore/worker.sh) has left this file,
 * and starts them again when it is missing. They are killed, not asked to end: they would report that their task
 * has failed. That happens when this script has ended, so that its own end is reported.
 */
const restartScript = (pause: string) => `
running=/tmp/guest-tools-running
[ -e "$running" ] || { echo no-mark; exit 1; }
rm "$running" || exit 1
echo "$PPID"
(sleep ${pause} || sleep 1; kill -KILL "$PPID") </dev/null >/dev/null 2>&1 &
`;

/** Seconds until the old tools are killed: for their report that the script has ended, and if somebody waits for the new ones. */
const pauses = { usual: "1", short: "0.3" };

/** Prints the id of the guest tools' process. */
const whoScript = 'echo "$PPID"';
const purpose = "restart-guest-tools";

/** The new tools start within a few seconds. One shell may be lost to the old ones, which takes half a minute. */
const restartMilliseconds = 90_000;
const lookMilliseconds = 1_000;

interface RestartOptions extends ActionOptions {
  /** Settles when guest tools ask for the task again, of which this waits instead of asking them all the time. */
  readonly nextAsk?: (() => Promise<void>) | undefined;
  /** Called when the old tools are about to be killed: nearly all requests from then on are those of the new ones. */
  readonly onRestart?: (() => void) | undefined;
}

/**
 * Restarts the guest tools, and waits until the new ones answer. They ask for the task again, and run it again.
 *
 * @throws AppError `guest-action-failed` when the image can't restart them, or they don't come back; as
 *   `GuestActions.openShell` does
 */
export async function restartGuestTools(
  actions: Pick<GuestActions, "openShell">,
  { signal, nextAsk, onRestart }: RestartOptions = {},
): Promise<void> {
  const script = restartScript(nextAsk ? pauses.short : pauses.usual);
  const { success, printed } = await runInGuest(actions, script, { signal, purpose });
  if (!success) throw printed.startsWith("no-mark") ? cannotRestart() : notRestarted(printed.trim());
  onRestart?.();
  const before = printed.trim();
  const until = performance.now() + restartMilliseconds;
  while (performance.now() < until) {
    // The old tools may ask again, too, if their last try took too long.
    if (nextAsk) await Promise.race([nextAsk(), ...(signal ? [aborted(signal)] : [])]);
    else await delay(lookMilliseconds, undefined, { signal });
    // The old tools may be killed before they have answered.
    const now = await runInGuest(actions, whoScript, { signal, purpose }).catch(() => undefined);
    signal?.throwIfAborted();
    if (now?.success && now.printed.trim() !== before) return;
  }
  throw notRestarted("they did not ask for an action again");
}

function cannotRestart(): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: "the guest tools were not restarted: the image's worker.sh can't do that",
    advice:
      "Rebuild the worker image. A worker.sh of your own has to do it as images/tinycore/worker.sh does.",
  });
}

function notRestarted(reason: string): AppError {
  return new AppError({
    code: "guest-action-failed",
    message: `the guest tools were not restarted: ${reason || "the guest did not say why"}`,
    advice: "See the serial console. A new run of the image has its old guest tools.",
  });
}
