import { AppError } from "../../../shared/errors/errors.ts";
import type { HeldMessage, HeldState, ReleaseRequest } from "../../../shared/rules/held-message.ts";
import type { Step } from "../../../shared/rules/rule.ts";
import type { RuleEvent } from "../../../shared/rules/rule-event.ts";
import { createLatestValue } from "../../async/latest-value.ts";
import type { Report } from "../../session-record/report.ts";
import { createRetryCounter } from "./retry-counter.ts";

/** A held message is released when no window has watched for this time. Milliseconds. */
export const windowPatience = 10_000;

/** Characters of a person's edit that a session's record has, as JSON. */
const recordedStep = 64 * 1024;

/** A message that is to be held, with its body: all of it if it can be edited, else its beginning. */
interface MessageToHold extends Omit<HeldMessage, "number" | "since" | "tries" | "bodySize"> {
  readonly body: Uint8Array;
}

/** The messages that the breakpoints of a session hold. */
export interface HeldMessages {
  /**
   * Holds a message until it is released.
   *
   * @param signal aborts when the sender is gone
   * @returns the choice of the person; undefined if it was not held, because no window watches
   */
  hold(message: MessageToHold, signal: AbortSignal): Promise<ReleaseRequest | undefined>;
  /** The body of a held message, as far as it can be read. @throws AppError `usage` when it is not held any more */
  bodyOf(number: number): Uint8Array;
  /** Releases a held message. @throws AppError `usage` when it is not held any more */
  release(number: number, request: ReleaseRequest): void;
  /** Releases, unchanged, all that a rule holds. */
  releaseOf(rule: string): void;
  /** Sets whether the virtual machine runs while messages are held. */
  letRun(isWanted: boolean): void;
  /** The held messages, now and after each change. A reader of this counts as a window. */
  watch(signal: AbortSignal): AsyncGenerator<HeldState, void, void>;
  /** Calls back after each change of what is to happen to the virtual machine, until it is disposed of. */
  onHolding(listener: HoldingListener): Disposable;
}

/** The effect of held messages on the virtual machine: none while there are none; else it is paused, or runs. */
export type Holding = "nothing" | "pause" | "run";

/** @param rule the one that holds the oldest message; absent if none is held */
export type HoldingListener = (holding: Holding, rule?: string) => void;

export interface HeldMessagesOptions {
  readonly report: Report<RuleEvent>;
  /** Holds messages also before the first window watches. */
  readonly waitsForWindow: boolean;
  /** Lets the virtual machine run while messages are held, until a person wants it otherwise. */
  readonly letsRun: boolean;
}

type Reason = Extract<RuleEvent, { type: "message-released" }>["reason"];

interface Entry {
  readonly message: HeldMessage;
  readonly body: Uint8Array;
  readonly settle: (request: ReleaseRequest, reason?: Reason) => void;
}

export function createHeldMessages({
  report,
  waitsForWindow,
  letsRun: letsRunAtFirst,
}: HeldMessagesOptions): HeldMessages {
  const entries = new Map<number, Entry>();
  const shown = createLatestValue<HeldState>({ held: [], letsRun: letsRunAtFirst });
  const listeners = new Set<HoldingListener>();
  const retries = createRetryCounter();
  let letsRun = letsRunAtFirst;
  let holding: Holding = "nothing";
  let count = 0;
  let windows = 0;
  /** When the last window was there, on the clock of `performance`; undefined before the first one. */
  let lastWindow: number | undefined;
  let alone: NodeJS.Timeout | undefined;

  const oldestRule = () => entries.values().next().value?.message.rule;
  const changed = () => {
    shown.set({ held: [...entries.values()].map(({ message }) => message), letsRun });
    const before = holding;
    holding = entries.size === 0 ? "nothing" : letsRun ? "run" : "pause";
    if (holding !== before) for (const listener of listeners) listener(holding, oldestRule());
    watchAlone();
  };
  /** A window that is loaded again is away for a moment. */
  const hasWindow = () =>
    windows > 0 ||
    waitsForWindow ||
    (lastWindow !== undefined && performance.now() - lastWindow < windowPatience);
  const watchAlone = () => {
    const isAlone = windows === 0 && entries.size > 0 && !(waitsForWindow && lastWindow === undefined);
    if (!isAlone) {
      clearTimeout(alone);
      alone = undefined;
      return;
    }
    // biome-ignore lint/style/noRestrictedGlobals: it waits for a person's window, while the guest's clock is stopped.
    alone ??= setTimeout(() => {
      alone = undefined;
      for (const { settle } of [...entries.values()]) settle({ release: "unchanged" }, "no-window");
    }, windowPatience);
  };

  return {
    hold: (given, signal) => {
      if (signal.aborted || !hasWindow()) return Promise.resolve(undefined);
      const { body, ...head } = given;
      const message: HeldMessage = {
        ...head,
        bodySize: body.length,
        number: ++count,
        since: Date.now(),
        tries: retries.triesOf(given),
      };
      const { number, rule, exchange, from } = message;
      return new Promise((resolve) => {
        const settle: Entry["settle"] = (request, reason) => {
          if (!entries.delete(number)) return;
          retries.released({ ...message, body }, request, reason === "guest-gave-up");
          signal.removeEventListener("abort", onAbort);
          report({
            type: "message-released",
            held: number,
            rule,
            exchange,
            release: request.release,
            step: stepOf(request),
            reason,
          });
          resolve(request);
          changed();
        };
        const onAbort = () => settle({ release: "unchanged" }, "guest-gave-up");
        signal.addEventListener("abort", onAbort);
        report({ type: "message-held", held: number, rule, exchange, from });
        entries.set(number, { message, body, settle });
        changed();
      });
    },
    bodyOf: (number) => {
      const entry = entries.get(number);
      if (!entry) throw notHeld(number);
      return entry.body;
    },
    release: (number, request) => {
      const entry = entries.get(number);
      if (!entry) throw notHeld(number);
      if (request.release === "edited" && !entry.message.canEdit) throw tooLarge(number);
      if (request.release === "answered" && entry.message.from === "host") throw answersRequestsOnly();
      entry.settle(request);
    },
    releaseOf: (rule) => {
      for (const { message, settle } of [...entries.values()])
        if (message.rule === rule) settle({ release: "unchanged" }, "rule-removed");
    },
    letRun: (isWanted) => {
      letsRun = isWanted;
      changed();
    },
    watch: async function* (signal) {
      windows += 1;
      lastWindow = performance.now();
      watchAlone();
      try {
        yield* shown.watch(signal);
      } finally {
        windows -= 1;
        lastWindow = performance.now();
        watchAlone();
      }
    },
    onHolding: (listener) => {
      listeners.add(listener);
      if (holding !== "nothing") listener(holding, oldestRule());
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

/** A release as the step of a rule; undefined if it changes nothing, or is too large for the record. */
function stepOf(request: ReleaseRequest): Step | undefined {
  if (request.release === "unchanged") return undefined;
  const step: Step =
    request.release === "edited"
      ? { edit: request.edit }
      : request.release === "answered"
        ? { answer: request.answer }
        : { cut: request.cut };
  return JSON.stringify(step).length <= recordedStep ? step : undefined;
}

function notHeld(number: number): AppError {
  return new AppError({
    code: "usage",
    message: `the held message ${number} was released before`,
    advice: "Another window has released it, its rule was removed, or the guest tools have given up.",
  });
}

function tooLarge(number: number): AppError {
  return new AppError({
    code: "usage",
    message: `the held message ${number} is too large to be edited, or is still being sent`,
    advice: "Send it as it was, answer it, or cut it.",
  });
}

function answersRequestsOnly(): AppError {
  return new AppError({
    code: "usage",
    message: "a response can't be answered",
    advice: "Edit it: its status, headers and body.",
  });
}
