import { z } from "zod";
import { guestInputSchema } from "../../../shared/recorder/guest-input.ts";
import { recordingEditSchema } from "../../../shared/recorder/recorded-step.ts";

const at = z.number();
/** Milliseconds since the epoch. */
const epoch = z.number();

/** An event of an asciicast that only Tinsmith reads: players ignore its code. */
const ownEventSchema = z.discriminatedUnion("kind", [
  /** The text on the screen has changed. */
  z.object({ kind: z.literal("screen"), lines: z.array(z.string()), columns: z.number() }),
  /** The next input of the serial console was typed at that time: it is written when it is known not to be a secret. */
  z.object({ kind: z.literal("typed"), at, epoch }),
  /** An input on the screen, or an act. */
  z.object({ kind: z.literal("input"), at, epoch, input: guestInputSchema }),
  /** A line that the guest did not echo, and the Return behind it. */
  z.object({
    kind: z.literal("hidden"),
    at,
    epoch,
    console: z.enum(["serial", "screen"]),
    name: z.string(),
  }),
  /** A hidden line that a person has said to be none. */
  z.object({ kind: z.literal("shown"), name: z.string(), line: z.string() }),
  z.object({ kind: z.literal("off"), isPowerOff: z.boolean() }),
  z.object({ kind: z.literal("on") }),
  z.object({ kind: z.literal("checkpoint"), name: z.string() }),
  z.object({ kind: z.literal("edit"), edit: recordingEditSchema }),
  /** The guest went back: all that came after that time has not happened. */
  z.object({ kind: z.literal("back"), to: z.number() }),
  z.object({ kind: z.literal("note"), text: z.string() }),
]);
export type OwnEvent = z.infer<typeof ownEventSchema>;

/** Something that happened, in seconds of the guest's time since the recording's start. */
export type RecordingEntry = { readonly time: number } & (
  | { readonly kind: "output"; readonly text: string }
  | Exclude<OwnEvent, { kind: "typed" | "input" | "hidden" }>
  | Omit<Extract<OwnEvent, { kind: "input" }>, "at">
  | Omit<Extract<OwnEvent, { kind: "hidden" }>, "at">
);
export type InputEntry = Extract<RecordingEntry, { kind: "input" }>;
export type OutputEntry = Extract<RecordingEntry, { kind: "output" | "screen" }>;

/** The code of Tinsmith's own events. */
const ownCode = "t";

const lineSchema = z.tuple([z.number(), z.string(), z.string()]);

/** An event of the recording's file. */
export type CastEvent = { readonly output: string } | { readonly input: string } | { readonly own: OwnEvent };

/** An event with its time, in seconds since the recording's start. */
export type TimedEvent = CastEvent & { readonly time: number };

/** @param time seconds since the recording's start, not before that of the event before */
export function formatEvent(time: number, event: CastEvent): string {
  const [code, data] =
    "output" in event
      ? ["o", event.output]
      : "input" in event
        ? ["i", event.input]
        : [ownCode, JSON.stringify(event.own)];
  return `${JSON.stringify([Number(time.toFixed(6)), code, data])}\n`;
}

/**
 * Reads events in their order. @returns "ignored" for an event of another kind, such as a marker; undefined for a line that is not an event
 */
export function parseEvent(line: string): TimedEvent | "ignored" | undefined {
  try {
    const [time, code, data] = lineSchema.parse(JSON.parse(line));
    if (code === "o") return { time, output: data };
    if (code === "i") return { time, input: data };
    return code === ownCode ? { time, own: ownEventSchema.parse(JSON.parse(data)) } : "ignored";
  } catch {
    return undefined;
  }
}
