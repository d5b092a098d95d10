import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { HeldMessage } from "../../../shared/rules/held-message.ts";
import type { Answer, Cut, MessageEdit } from "../../../shared/rules/rule.ts";
import type { MessageHead } from "../rules/match-rule.ts";
import type { StepResult } from "./apply-steps.ts";
import { watchGone } from "./gone-signal.ts";
import type { RuleContext } from "./rule-context.ts";

/** A message that a breakpoint holds, and what can be done to it. */
export interface HoldableMessage {
  readonly head: MessageHead;
  readonly exchange: number;
  /** When its exchange began, in milliseconds since the epoch. */
  readonly began: number;
  readonly request: Pick<IncomingMessage, "method" | "url">;
  /** The connection of its exchange. */
  readonly socket: Duplex;
  readonly headers: HeldMessage["headers"];
  readonly body: Uint8Array;
  readonly canEdit: boolean;
  readonly edit: (edit: MessageEdit) => StepResult;
  readonly answer: (answer: Answer) => StepResult;
  readonly cut: (cut: Cut) => StepResult;
}

/** The most bytes of a body that a held message shows, if it can't be edited. */
const shownBytes = 64 * 1024;

/** Holds a message until it is released, and does with it as the person wants. */
export async function holdMessage(
  rule: string,
  message: HoldableMessage,
  { held, closing, onGuestGone }: RuleContext,
): Promise<StepResult> {
  const { head, exchange, began, request, socket, headers, body, canEdit } = message;
  const shown = canEdit ? body : body.subarray(0, shownBytes);
  using gone = watchGone(socket, closing);
  const released = await held.hold(
    {
      ...head,
      ...{ rule, exchange, began, headers, canEdit },
      method: request.method ?? "",
      target: request.url ?? "",
      body: shown,
    },
    gone.signal,
  );
  if (gone.signal.aborted) onGuestGone(exchange);
  if (!released) return { skipped: "no window watches for held messages" };
  if (released.release === "edited") return message.edit(released.edit);
  if (released.release === "answered") return message.answer(released.answer);
  if (released.release === "cut") return message.cut(released.cut);
  return undefined;
}
