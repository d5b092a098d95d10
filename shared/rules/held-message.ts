import { z } from "zod";
import type { ExchangeHeaders } from "../guest/exchange.ts";
import type { EndpointName, ShellMessageType, Side } from "./message-kinds.ts";
import { answerSchema, cutSchema, editSchema } from "./rule.ts";

/** A message that a breakpoint holds, as a person sees and edits it. Its body is read by itself: it can be large. */
export interface HeldMessage {
  /** Counts the session's held messages from 1. */
  readonly number: number;
  readonly rule: string;
  /** The number of its exchange. */
  readonly exchange: number;
  readonly from: Side;
  /** When it was held, in milliseconds since the epoch. */
  readonly since: number;
  /** When its exchange began; of a shell's message, when that came. Milliseconds since the epoch. */
  readonly began: number;
  /** Counts from 1 how often the same message was held because the guest tools have tried its request again. */
  readonly tries: number;
  readonly endpoint: EndpointName;
  /** Of the request, with its path and query. */
  readonly method: string;
  readonly target: string;
  readonly action?: string | undefined;
  /** Of a response. */
  readonly status?: number | undefined;
  /** Of a shell's message. */
  readonly message?: ShellMessageType | undefined;
  readonly headers: ExchangeHeaders;
  /** The number of bytes of its body that can be read: all of them if `canEdit`, else the first ones. */
  readonly bodySize: number;
  /** Whether its body can be edited: it is all there, and not too large. */
  readonly canEdit: boolean;
}

/** The messages that the breakpoints of a session hold, and what they do to its virtual machine. */
export interface HeldState {
  /** Oldest first. */
  readonly held: readonly HeldMessage[];
  /** Whether the virtual machine runs while a message is held; else it is paused. */
  readonly letsRun: boolean;
}

/** The choice of a person for a held message. */
export const releaseSchema = z.discriminatedUnion("release", [
  z.object({ release: z.literal("unchanged") }),
  z.object({ release: z.literal("edited"), edit: editSchema }),
  z.object({ release: z.literal("answered"), answer: answerSchema }),
  z.object({ release: z.literal("cut"), cut: cutSchema }),
]);
export type ReleaseRequest = z.infer<typeof releaseSchema>;
