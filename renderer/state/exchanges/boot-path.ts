import { type BootStage, bootStages } from "../../../shared/session/boot-stage.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { endpointOf } from "./exchange-facts.ts";

/** The moments of the last boot, as far as the session tells of them. Milliseconds since the epoch. */
export interface Boot {
  /** When the processor began to run, or was reset. */
  readonly started?: number;
  /** Whether the state of an earlier boot was restored, so that there was no boot. */
  readonly isRestored?: boolean;
  /** Whether the next QEMU restores one. */
  readonly willBeRestored?: boolean;
  readonly stages: Readonly<Partial<Record<BootStage, number>>>;
  /** When the guest tools made their first request. */
  readonly toolsStarted?: number;
  /** The number of the exchange that fetched the task, and when that ended. */
  readonly fetching?: number;
  readonly fetched?: number;
}

export const noBoot: Boot = { stages: {} };

/** The last boot after one more event. */
export function reduceBoot(boot: Boot, event: SessionEvent): Boot {
  const { time } = event;
  switch (event.type) {
    case "state-restored":
      return { stages: {}, willBeRestored: true };
    case "qemu-started": {
      const isRestored = boot.willBeRestored || event.command.includes("-incoming");
      return { stages: {}, ...(isRestored && { isRestored }) };
    }
    case "vm-changed":
      if (event.change === "reset") return { stages: {}, started: time };
      return event.change === "running" && boot.started === undefined ? { ...boot, started: time } : boot;
    case "boot-stage":
      return { ...boot, stages: { ...boot.stages, [event.stage]: time } };
    case "guest-tools-started":
      return { ...boot, toolsStarted: time };
    case "exchange-started":
      if (boot.fetching !== undefined || endpointOf(event) !== "execute") return boot;
      return { ...boot, fetching: event.exchange, toolsStarted: boot.toolsStarted ?? time };
    case "exchange-ended":
      return event.exchange === boot.fetching ? { ...boot, fetched: time } : boot;
    default:
      return boot;
  }
}

/** A part of the way from the start of the processor to the task. */
export interface BootPart {
  /** Such as "kernel", or "firmware and loader" if nothing tells where one ends and the other begins. */
  readonly name: string;
  /** Its first stage, which decides its colour. */
  readonly stage: string;
  readonly from: number;
  readonly to: number;
}

/** The parts of the last boot, without a gap, up to the last moment that is known of it. */
export function bootParts(boot: Boot): readonly BootPart[] {
  const { started, isRestored = false, stages, toolsStarted, fetched } = boot;
  if (started === undefined) return [];
  const moments: readonly (readonly [name: string, time: number | undefined])[] = [
    ["firmware", started],
    ...bootStages.map((stage) => [stage, isRestored ? undefined : stages[stage]] as const),
    ["guest tools", toolsStarted],
    ["", fetched],
  ];
  const parts: BootPart[] = [];
  let names: readonly string[] = [];
  let from: number | undefined;
  for (const [name, time] of moments) {
    if (time !== undefined) {
      if (from !== undefined && time >= from)
        parts.push({
          name: isRestored && name === "guest tools" ? "restored state" : listOf(names),
          stage: names[0] ?? "",
          from,
          to: time,
        });
      from = time;
      names = [];
    }
    names = [...names, name];
  }
  return parts;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
