import type { CheckpointEvent } from "../checkpoint/checkpoint.ts";
import type { ExchangeEvent } from "../guest/exchange.ts";
import type { FindingEvent } from "../guest/finding.ts";
import type { GuestActionEvent } from "../guest/guest-action.ts";
import type { RuleEvent } from "../rules/rule-event.ts";
import type { ScenarioEvent } from "../scenario/scenario-event.ts";
import type { WatchEvent } from "../watch/watch.ts";
import type { BootStage } from "./boot-stage.ts";
import type { BuildEvent } from "./build.ts";
import type { RunEvent } from "./run.ts";

/** An event of a session's QEMU, of which there may be several, one after another. */
export type QemuEvent = { readonly time: number } & (
  | { readonly type: "qemu-started"; readonly command: readonly string[] }
  /** The reason why it has ended; the other properties depend on it. */
  | { readonly type: "qemu-ended"; readonly end: { readonly reason: string } }
  /** The state of its virtual machine has changed, or its power button was pressed. */
  | { readonly type: "vm-changed"; readonly change: VmChange }
  /** The serial console has told that a stage of the boot began, by a line; or the processor was seen in it, as the line says. */
  | { readonly type: "boot-stage"; readonly stage: BootStage; readonly line: string }
);

/** Changes of a virtual machine that QEMU tells of; `running` also begins its first boot. */
export const vmChanges = {
  RESUME: "running",
  STOP: "paused",
  RESET: "reset",
  POWERDOWN: "power button",
  SHUTDOWN: "shut down",
} as const;
export type VmChange = (typeof vmChanges)[keyof typeof vmChanges];

/** The guest's screen has changed. */
export interface ScreenEvent {
  readonly type: "screen-changed";
  readonly time: number;
  /** The name of its picture in the session's folder `screens`, without `.png`: equal pictures have the same. */
  readonly picture: string;
}

/** An event of a session. `time` is in milliseconds since the epoch, with fractions where they matter. */
export type SessionHappening =
  | RunEvent
  | BuildEvent
  | WatchEvent
  | ExchangeEvent
  | FindingEvent
  | GuestActionEvent
  | RuleEvent
  | ScenarioEvent
  | QemuEvent
  | CheckpointEvent
  | ScreenEvent;

/**
 * An entry of a session's log. `seq` counts them from 1 without a gap: a reader who has seen one of them can continue
 * after it.
 */
export type SessionEvent = SessionHappening & { readonly seq: number };
