import type { Duplex } from "node:stream";
import type { MetaLimits } from "../limits.ts";
import type { SessionRules } from "../rules/session-rules.ts";
import { watchGone } from "./gone-signal.ts";

/** The parts of one MetaService that rules use. */
export interface RuleContext extends SessionRules {
  readonly limits: MetaLimits;
  /** Aborts when the service closes. */
  readonly closing: AbortSignal;
  /** Finds the type of an action by its id. */
  readonly actionType: (id: string) => string | undefined;
  /** Whether no rule applies to the action of an id. */
  readonly isFreeOfRules: (id: string) => boolean;
  /** Called when the guest was gone before a message of an exchange was passed on. */
  readonly onGuestGone: (exchange: number) => void;
}

/** Waits on the guest's clock, unless the other end of the connection is gone before. */
export async function delayMessage(
  seconds: number,
  { exchange, socket }: { readonly exchange: number; readonly socket: Duplex },
  { limits, closing, onGuestGone }: RuleContext,
): Promise<void> {
  using gone = watchGone(socket, closing);
  const over = Promise.withResolvers<void>();
  gone.signal.addEventListener("abort", () => over.resolve());
  using _alarm = limits.clock.after(seconds * 1000, over.resolve);
  if (!gone.signal.aborted) await over.promise;
  if (gone.signal.aborted) onGuestGone(exchange);
}
