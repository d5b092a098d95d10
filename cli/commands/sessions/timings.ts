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
}

/** The parts of a boot and a run: each begins with an event, and ends with the next one. */
function partThatBegins(event: SessionEvent): string | undefined {
  switch (event.type) {
    case "run-started":
      return "Prepare the disk";
    case "qemu-started":
      return "QEMU and firmware";
    case "boot-stage":
      return event.stage[0]?.toUpperCase() + event.stage.slice(1);
    case "guest-tools-started":
      return "Task";
    case "task-result":
      return "End";
    default:
      return undefined;
  }
}

/** Whether QEMU was started with a saved state, which it loads while the guest tools are being built. */
function loadsState(event: SessionEvent): boolean {
  return event.type === "qemu-started" && event.command.includes("-incoming");
}

const ends: ReadonlySet<string> = new Set(["run-finished", "run-failed", "build-finished", "build-failed"]);

/** Measures the parts of a session by its events: a build's steps and the parts of its boot, or the parts of a run. */
export function timingsOf(events: readonly SessionEvent[]): readonly Timing[] {
  const start = events[0]?.time ?? 0;
  const timings: Timing[] = [];
  let step: { readonly index: number; readonly since: number } | undefined;
  let part: { readonly index: number; readonly since: number } | undefined;
  const close = (open: typeof part, time: number) => {
    const timing = open && timings[open.index];
    if (open && timing) timings[open.index] = { ...timing, milliseconds: time - open.since };
  };
  const begin = (name: string, time: number, isInner: boolean) => {
    timings.push({ name, start: time - start, milliseconds: 0, ...(isInner && { isInner }) });
    return { index: timings.length - 1, since: time };
  };
  let loading: typeof part;
  for (const event of events) {
    const { time } = event;
    if (event.type === "vm-changed" && event.change === "running") {
      close(loading, time);
      if (loading && !step) {
        close(part, time);
        part = begin("Restored guest", time, false);
      }
      loading = undefined;
    }
    if (loadsState(event)) {
      loading = begin("QEMU, until the guest continues", time, step !== undefined);
      continue;
    }
    const name = partThatBegins(event);
    if (ends.has(event.type)) {
      close(loading, time);
      loading = undefined;
    }
    if (name !== undefined || event.type === "step-finished" || ends.has(event.type)) {
      close(part, time);
      part = name === undefined ? undefined : begin(name, time, step !== undefined);
    }
    if (event.type === "step-started") step = begin(buildSteps[event.step], time, false);
    if (event.type === "step-finished" || ends.has(event.type)) {
      close(step, time);
      step = undefined;
    }
  }
  return timings;
}
