import {
  type CastEvent,
  formatEvent,
  parseEvent,
  type TimedEvent,
} from "../../install-recorder/cast/recording-entry.ts";
import type { Redaction } from "./redaction.ts";

/** So many characters of the file are searched at once, until the next input: longer ones would hold up the window. */
const groupCharacters = 64 * 1024;
/** So many without an input. */
const mostCharacters = 1024 ** 2;

/** Fields of events that only ever hold words of Tinsmith's own. */
const ownWords: ReadonlySet<string> = new Set(["kind", "console", "act", "keys"]);

/**
 * The lines of a recording of an installation without secrets. A line that was typed key by key, and its echo, are searched as a
 * whole; what is not an event, as the last line of a killed process, is left out.
 */
export async function* redactRecording(
  lines: AsyncIterable<string>,
  redaction: Redaction,
): AsyncGenerator<Buffer, void, void> {
  let group: TimedEvent[] = [];
  let size = 0;
  let isHeader = true;
  for await (const line of lines) {
    if (isHeader) yield Buffer.from(`${redaction.text(line)}\n`);
    isHeader = false;
    const event = parseEvent(line);
    if (!event || event === "ignored") continue;
    if (size >= mostCharacters || (size >= groupCharacters && isInput(event))) {
      yield redactGroup(group, redaction);
      group = [];
      size = 0;
    }
    group.push(event);
    size += line.length;
  }
  yield redactGroup(group, redaction);
}

function isInput(event: CastEvent): boolean {
  return !("output" in event) && (!("own" in event) || event.own.kind === "input");
}

function redactGroup(group: readonly TimedEvent[], redaction: Redaction): Buffer {
  const redactAll = (textOf: (event: CastEvent) => string) => redaction.texts(group.map(textOf));
  const outputs = redactAll((event) => ("output" in event ? event.output : ""));
  const inputs = redactAll((event) => ("input" in event ? event.input : ""));
  const typed = redactAll(typedOnScreen);
  const redacted = (event: CastEvent, index: number): CastEvent => {
    if ("output" in event) return { output: outputs[index] ?? "" };
    if ("input" in event) return { input: inputs[index] ?? "" };
    const { own } = event;
    if (own.kind === "input" && "text" in own.input)
      return { own: { ...own, input: { ...own.input, text: typed[index] ?? "" } } };
    return { own: redactTexts(own, redaction) as typeof own };
  };
  return Buffer.from(group.map((event, index) => formatEvent(event.time, redacted(event, index))).join(""));
}

/** The text that was typed on the screen: an event has a key, and that of Return ends the line. */
function typedOnScreen(event: CastEvent): string {
  if (!("own" in event) || event.own.kind !== "input") return "";
  const { input } = event.own;
  if ("text" in input) return input.text;
  return "keys" in input && input.keys.includes("ret") ? "\n" : "";
}

function redactTexts(value: unknown, redaction: Redaction): unknown {
  if (typeof value === "string") return redaction.text(value);
  if (Array.isArray(value)) return value.map((one) => redactTexts(one, redaction));
  if (typeof value !== "object" || value === null) return value;
  const redact = ([name, field]: [string, unknown]) =>
    [name, ownWords.has(name) ? field : redactTexts(field, redaction)] as const;
  return Object.fromEntries(Object.entries(value).map(redact));
}
