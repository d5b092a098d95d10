import { describeFinding } from "../../../shared/guest/finding.ts";
import { isOfSession } from "../../../shared/session/note.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { endpointOf } from "./exchange-facts.ts";

/** A moment of a session that is marked on the time axis. */
export interface SessionMark {
  /** The number of its event, which tells it apart. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly kind: "vm" | "guest" | "note" | "finding";
  readonly label: string;
}

/** As many are kept, the newest: a guest can reset without end. */
const kept = 500;

/** The marks of a session after some more events. */
export function addMarks(
  before: readonly SessionMark[],
  events: readonly SessionEvent[],
): readonly SessionMark[] {
  const added = events.flatMap((event) => {
    const mark = markOf(event);
    return mark ? { number: event.seq, time: event.time, ...mark } : [];
  });
  return added.length > 0 ? [...before, ...added].slice(-kept) : before;
}

/** The mark of an event, with its time if that is not the event's. */
function markOf(
  event: SessionEvent,
): (Pick<SessionMark, "kind" | "label"> & Partial<SessionMark>) | undefined {
  switch (event.type) {
    case "qemu-started":
      return { kind: "vm", label: "QEMU started" };
    case "qemu-ended":
      return { kind: "vm", label: `QEMU ended: ${event.end.reason}` };
    case "vm-changed":
      return { kind: "vm", label: `VM: ${event.change}` };
    case "checkpoint-made":
      return { kind: "vm", label: `Checkpoint: ${event.name}` };
    case "went-back":
      return { kind: "vm", label: `Went back to ${JSON.stringify(event.name)}` };
    case "boot-stage":
      return { kind: "guest", label: `Boot: ${event.stage} ("${event.line}")` };
    case "guest-tools-started":
      return { kind: "guest", label: "First request of the guest tools" };
    case "exchange-started":
      return endpointOf(event) === "execute" ? { kind: "guest", label: "Task fetched" } : undefined;
    case "task-result":
      return { kind: "guest", label: `Task ended: ${event.result}` };
    case "finding":
      return { kind: "finding", label: describeFinding(event) };
    case "expectation-checked":
      return event.passed
        ? undefined
        : {
            kind: "note",
            label: `Not met: ${event.expectation}`,
            ...(event.at !== undefined && { time: event.at }),
          };
    case "note":
      return isOfSession(event) ? { kind: "note", label: event.text } : undefined;
    default:
      return undefined;
  }
}
