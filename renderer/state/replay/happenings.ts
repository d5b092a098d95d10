import { buildSteps } from "../../../shared/session/build.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { describeRequest } from "../exchanges/exchange-facts.ts";

/** Something that happened in a session, for a person. Times are in milliseconds since the epoch. */
export interface Happening {
  readonly kind: "exchange" | "action" | "rule" | "machine" | "progress";
  readonly time: number;
  readonly text: string;
  /** The end of an exchange. */
  end?: number;
  /** The response of an exchange: its time and status. */
  reply?: { readonly time: number; readonly status: number };
  /** Whether it went wrong: a broken connection, or an error. */
  isBad?: boolean;
}

/** Makes a list of happenings from a session's events, which may come in pieces. */
export interface HappeningList {
  readonly list: readonly Happening[];
  add(events: readonly SessionEvent[]): void;
}

export function createHappeningList(): HappeningList {
  const list: Happening[] = [];
  const open = new Map<number, Happening>();
  const add = (event: SessionEvent) => {
    if (event.type === "exchange-started") {
      const path = event.target.replace(/^\/engine\/v1/, "");
      const exchange: Happening = { kind: "exchange", time: event.time, text: `${event.method} ${path}` };
      open.set(event.exchange, exchange);
      list.push(exchange);
      return;
    }
    if (event.type === "exchange-replied" || event.type === "exchange-ended") {
      const exchange = open.get(event.exchange);
      if (!exchange) return;
      if (event.type === "exchange-replied") {
        exchange.reply = { time: event.time, status: event.status };
        if (event.status >= 400) exchange.isBad = true;
        return;
      }
      exchange.end = event.time;
      if (event.outcome === "cut") exchange.isBad = true;
      open.delete(event.exchange);
      return;
    }
    const other = describeOther(event);
    if (other) list.push({ time: event.time, ...other });
  };
  return {
    list,
    add: (events) => {
      for (const event of events) add(event);
    },
  };
}

type Described = Pick<Happening, "kind" | "text" | "isBad">;

function describeOther(event: SessionEvent): Described | undefined {
  switch (event.type) {
    case "action-requested":
      return { kind: "action", text: describeRequest(event.request) };
    case "action-try-failed":
      return { kind: "action", text: event.reason, isBad: true };
    case "finding":
      return { kind: "exchange", text: event.text, isBad: true };
    case "rule-hit":
      return { kind: "rule", text: `${event.rule}: ${event.from === "guest" ? "request" : "response"}` };
    case "qemu-started":
      return { kind: "machine", text: "QEMU has started" };
    case "qemu-ended":
      return { kind: "machine", text: `QEMU has ended: ${event.end.reason}` };
    case "guest-tools-started":
      return { kind: "machine", text: "The guest tools have started" };
    case "step-started":
      return { kind: "progress", text: buildSteps[event.step] };
    case "note":
      return { kind: "progress", text: event.text };
    case "task-result":
      return { kind: "progress", text: `The task: ${event.result}`, isBad: event.result === "failed" };
    case "expectation-checked":
      return event.passed
        ? undefined
        : { kind: "progress", text: `Not met: ${event.expectation}`, isBad: true };
    case "build-failed":
    case "run-failed":
      return { kind: "progress", text: event.error.message, isBad: true };
    default:
      return undefined;
  }
}
