import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Plan } from "../../shared/contracts/plan.ts";
import { errorDataSchema } from "../../shared/errors/error-schema.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { StopRequest } from "../async/process-end.ts";

/** The message that a session's process sends once to the process that started it. */
export const startMessageSchema = z.union([
  z.object({ session: z.string() }),
  z.object({ error: errorDataSchema }),
]);
type StartMessage = z.infer<typeof startMessageSchema>;

/** The first message to a session's process: its plan. It is not an argument, since `ps` shows those to all users. */
export interface PlanMessage {
  readonly plan: Plan;
}
const planMessageSchema = z.object({ plan: z.unknown() });

/** The messages by which the process that started this one asks it to end: in order, or without waiting. */
export const stopMessages = { inOrder: "stop", forced: "force-stop" } as const;

/** The message by which an app tells a utility process that it has received the process's message. */
export const heardMessage = "heard";
/** How long the end of a process waits for that, in milliseconds. */
const hearingTimeout = 5_000;

const isStopMessage = (data: unknown) => Object.values<unknown>(stopMessages).includes(data);

/** The channel between an Electron app and its utility processes; Node has no such thing, and no types for it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(type: "message", listener: (event: { readonly data: unknown }) => unknown): void;
}

/** Set in a utility process: it ends with the app that started it, unlike one that Node started. */
const { parentPort } = process as { readonly parentPort?: ParentPort };

/** Settles when the app has heard all that this utility process told it: a message can be lost when the process ends first. */
let heard: Promise<unknown> = Promise.resolve();

/** Whether this process got its plan from its parent, who still waits to hear how the session began. */
let isAwaited = false;

/**
 * Waits for the plan that the process which started this one sends.
 *
 * @throws AppError `usage` when nobody could send one, or it is not valid; `newer-version`; `interrupted` when the
 *   process that started this one ended before, or the signal's reason when it aborts.
 */
export async function receivePlan(signal: AbortSignal): Promise<Plan> {
  if (!parentPort && !process.send) throw noParent();
  isAwaited = true;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const onGone = () => reject(parentGone());
  const onAbort = () => reject(signal.reason);
  if (parentPort) parentPort.on("message", ({ data }) => isStopMessage(data) || resolve(data));
  else process.once("message", resolve).once("disconnect", onGone);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const { parsePlan } = await import("../../shared/contracts/plan.ts");
    return parsePlan(planMessageSchema.parse(await promise).plan);
  } finally {
    process.off("message", resolve).off("disconnect", onGone);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Tells the process that sent the plan how its session began. Only the first message counts. */
export function tellParent(message: StartMessage): void {
  if (!isAwaited) return;
  isAwaited = false;
  if (parentPort) {
    heard = nextHearing(parentPort);
    parentPort.postMessage(message);
  } else if (process.send && process.connected)
    process.send(message, () => {
      if (process.connected) process.disconnect();
    });
}

/** Calls back when the app that started this utility process asks it to end. */
export function onParentStop(stop: (request: StopRequest) => void): void {
  parentPort?.on("message", ({ data }) => {
    if (data === stopMessages.inOrder) stop({ isForced: false });
    if (data === stopMessages.forced) stop({ isForced: true });
  });
}

/** Waits, for a limited time, until the app that started this utility process has received its last message. */
export async function untilHeard(): Promise<void> {
  await Promise.race([heard, delay(hearingTimeout, undefined, { ref: false })]);
}

/** Ends a utility process, whose work is done: unlike others it does not end by itself. */
export async function leaveParent(): Promise<void> {
  if (!parentPort) return;
  await untilHeard();
  process.exit();
}

function nextHearing(port: ParentPort): Promise<void> {
  return new Promise((resolve) => port.on("message", ({ data }) => data === heardMessage && resolve()));
}

function noParent(): AppError {
  return new AppError({
    code: "usage",
    message:
      "tinsmith session can't be started by hand: Tinsmith's window starts it, and sends it what to build or run",
    advice: "Use tinsmith rebuild, build, run or meta; tinsmith sessions lists what is running.",
  });
}

function parentGone(): AppError {
  return new AppError({
    code: "interrupted",
    message: "the process that started this session ended before it said what to build or run",
  });
}
