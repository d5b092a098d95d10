import { bootStages } from "../../../shared/session/boot-stage.ts";
import { buildSteps } from "../../../shared/session/build.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";

/** A part of a session, and how long it took. */
export interface Timing {
  /** For people. */
  readonly name: string;
  /** When it began, in milliseconds since the session's start. */
  readonly start: number;
  /** Until the next part began, or, of a build's step, until its end. */
  readonly milliseconds: number;
  /** Of a part of the step before. */
  readonly isInner?: boolean;
  /** Of a part beside steps: it does not add to the total. */
  readonly isBeside?: boolean;
}

/** The parts of a boot and a run: each begins with an event, and ends with the next one. */
function partThatBegins(event: SessionEvent): string | undefined {
  switch (event.type) {
    case "run-started":
      return "Prepare the disk";
    case "qemu-started":
      return nameOfBoot(0);
    case "boot-stage":
      return nameOfBoot(bootStages.indexOf(event.stage) + 1);
    case "guest-tools-started":
      return "Task";
    case "task-result":
      return end;
    case "task-reopened":
      return "Task, after the VM went back";
    default:
      return undefined;
  }
}

const end = "End";
const loadingName = "QEMU, until the guest continues";
/** The parts of a boot, of which a guest may tell only some. */
const bootParts: readonly (readonly string[])[] = [
  ["QEMU", "firmware"],
  ...bootStages.map((stage) => [stage]),
];
const list = new Intl.ListFormat("en-GB");

/** The name of the parts of a boot from one to before another: "QEMU, firmware and loader". */
function nameOfBoot(from: number, before = from + 1): string {
  const name = list.format(bootParts.slice(from, before).flat());
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}

/** The name of a part when the event that ends it is known. */
function nameUntil(name: string, event: SessionEvent): string {
  // The state was saved by a VM of its own, of which no stage is told.
  if (event.type === "state-restored" && name === nameOfBoot(0)) return "Boot, and save the state";
  if (event.type === "task-reopened" && name === end) return "After the result, until the VM went back";
  const from = bootParts.findIndex((_part, index) => name === nameOfBoot(index));
  if (event.type === "boot-stage" && from >= 0)
    return nameOfBoot(from, Math.max(from, bootStages.indexOf(event.stage)) + 1);
  return event.type === "guest-tools-started" && from >= 0 ? nameOfBoot(from, bootParts.length) : name;
}

/** Whether QEMU was started with a saved state, which it loads while the guest tools are being built. */
function loadsState(event: SessionEvent): boolean {
  return event.type === "qemu-started" && event.command.includes("-incoming");
}

const ends: ReadonlySet<string> = new Set(["run-finished", "run-failed", "build-finished", "build-failed"]);

/** Milliseconds from a session's first event to its end. */
export function totalOf(events: readonly SessionEvent[]): number {
  const last = events.findLast(({ type }) => ends.has(type)) ?? events.at(-1);
  return (last?.time ?? 0) - (events[0]?.time ?? 0);
}

/** Measures the parts of a session by its events: a build's steps and the parts of its boot, or the parts of a run. */
export function timingsOf(events: readonly SessionEvent[]): readonly Timing[] {
  const start = events[0]?.time ?? 0;
  const timings: Timing[] = [];
  type Open = { readonly index: number; readonly since: number } | undefined;
  let step: Open;
  let part: Open;
  let loading: Open;
  const close = (open: Open, event: SessionEvent) => {
    const timing = open && timings[open.index];
    if (!open || !timing) return;
    const name = nameUntil(timing.name, event);
    timings[open.index] = { ...timing, name, milliseconds: event.time - open.since };
  };
  const begin = (name: string, time: number, more: Pick<Timing, "isInner" | "isBeside"> = {}) => {
    timings.push({ name, start: time - start, milliseconds: 0, ...more });
    return { index: timings.length - 1, since: time };
  };
  for (const event of events) {
    const { time } = event;
    const isEnd = ends.has(event.type);
    if (loadsState(event)) {
      if (step) loading = begin(loadingName, time, { isBeside: true });
      else {
        close(part, event);
        part = begin(loadingName, time);
      }
      continue;
    }
    if (event.type === "vm-changed" && event.change === "running") {
      close(loading, event);
      loading = undefined;
      if (part && timings[part.index]?.name === loadingName) {
        close(part, event);
        part = begin("Restored guest", time);
      }
    }
    if (isEnd) {
      close(loading, event);
      loading = undefined;
    }
    const name = partThatBegins(event);
    if (name !== undefined || event.type === "state-restored" || event.type === "step-finished" || isEnd) {
      close(part, event);
      part = name === undefined ? undefined : begin(name, time, step && { isInner: true });
    }
    if (event.type === "step-started") step = begin(buildSteps[event.step], time);
    if (event.type === "step-finished" || isEnd) {
      close(step, event);
      step = undefined;
    }
  }
  return timings;
}
