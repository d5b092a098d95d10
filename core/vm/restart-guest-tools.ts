import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../shared/errors/errors.ts";
import { aborted } from "../async/abort.ts";
import type { ActionOptions, GuestActions } from "../metaservice/actions/guest-actions.ts";
import { openGuestCommand, runInGuest } from "./guest-command.ts";

/**
 * Has the guest start its tools again. The script that starts them at boot (images/tinycore/worker.sh) has left this file,
 * and starts them again when it is missing. They are killed, not asked to end: they would report that their task
 * has failed. Their end cuts this shell, so that no action is given to them after it, which they would lose.
 */
const restartScript = `
running=/tmp/guest-tools-running
[ -e "$running" ] || { echo no-mark; exit 1; }
echo "ready $PPID"
read -r _ || exit 1
rm "$running" && kill -KILL "$PPID"
exit 1
`;
const isReady = /^ready (\d+)$/m;

/** Prints the id of the guest tools' process. */
const whoScript = 'echo "$PPID"';
const purpose = "restart-guest-tools";

/** The new tools start within a few seconds. One shell may be lost, which takes half a minute. */
const restartMilliseconds = 90_000;
const lookMilliseconds = 500;

interface RestartOptions extends ActionOptions {
  /** A script that comes first: if it fails, the tools are not restarted. */
  readonly first?: string | undefined;
  /** Settles when guest tools ask for the task, of which this waits instead of asking them all the time. */
  readonly nextAsk?: (() => Promise<void>) | undefined;
  /** Called when the old tools are gone: all requests from then on are those of the new ones. */
  readonly onRestart?: (() => void) | undefined;
}

/**
 * Restarts the guest tools, and waits until the new ones answer. They ask for the task again, and run it again.
 *
 * @returns false if the script that comes first has failed
 * @throws AppError `guest-action-failed` when the image can't restart them, or they don't come back; as
 *   `GuestActions.openShell` does
 */
export async function restartGuestTools(
  actions: Pick<GuestActions, "openShell">,
  { first, signal, nextAsk, onRestart }: RestartOptions = {},
): Promise<boolean> {
  const before = await killTools(actions, first, signal);
  if (before === undefined) return false;
  onRestart?.();
  const limit = AbortSignal.timeout(restartMilliseconds);
  const late = aborted(AbortSignal.any([limit, ...(signal ? [signal] : [])]));
  const isNew = nextAsk ? nextAsk().then(() => true) : untilOthersAnswer(actions, before, limit, signal);
  if (await Promise.race([isNew, late]).catch(() => false)) return true;
  signal?.throwIfAborted();
  throw notRestarted(`they did not ask for ${nextAsk ? "the task" : "an action"} again`);
}

/** @param before the id of the process of the old tools */
async function untilOthersAnswer(
  actions: Pick<GuestActions, "openShell">,
  before: string,
  limit: AbortSignal,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  while (!limit.aborted) {
    await delay(lookMilliseconds, undefined, { signal });
    const now = await runInGuest(actions, whoScript, { signal, purpose }).catch(() => undefined);
    signal?.throwIfAborted();
    if (now?.success && now.printed.trim() !== before) return true;
  }
  return false;
}

/** @returns the id of the process that was killed; undefined when the script that comes first has failed */
async function killTools(
  actions: Pick<GuestActions, "openShell">,
  first: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  let printed = "";
  const ready = Promise.withResolvers<void>();
  const script =
    first === undefined ? restartScript : `(${first}\n) || { echo not-first; exit 1; }${restartScript}`;
  const shell = await openGuestCommand(
    actions,
    { command: ["sh", "-c", script], tty: false },
    {
      ...{ signal, purpose, isCutAtEnd: true },
      onOutput: (_stream, bytes, consumed) => {
        printed += Buffer.from(bytes).toString();
        consumed();
        if (isReady.test(printed)) ready.resolve();
      },
    },
  );
  // Its output is here, so that nothing of it is lost with the tools.
  void ready.promise.then(() => shell.write(Buffer.from("\n")));
  const { success } = await shell.ended;
  const [, id] = isReady.exec(printed) ?? [];
  if (success && id !== undefined) return id;
  if (/^not-first$/m.test(printed)) return undefined;
  throw /^no-mark$/m.test(printed) ? cannotRestart() : notRestarted(printed.trim());
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
