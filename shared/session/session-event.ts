import type { ExchangeEvent } from "../guest/exchange.ts";
import type { GuestActionEvent } from "../guest/guest-action.ts";
import type { BuildEvent } from "./build.ts";
import type { RunEvent } from "./run.ts";

/** An event of a session's QEMU, of which there may be several, one after another. */
export type QemuEvent = { readonly time: number } & (
  | { readonly type: "qemu-started"; readonly command: readonly string[] }
  /** The reason why it has ended; the other properties depend on it. */
  | { readonly type: "qemu-ended"; readonly end: { readonly reason: string } }
);

/** An event of a session. `time` is in milliseconds since the epoch, with fractions where they matter. */
export type SessionHappening = RunEvent | BuildEvent | ExchangeEvent | GuestActionEvent | QemuEvent;

/**
 * An entry of a session's log. `seq` counts them from 1 without a gap: a reader who has seen one of them can continue
 * after it.
 */
export type SessionEvent = SessionHappening & { readonly seq: number };
