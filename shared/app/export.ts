import { z } from "zod";

/** The possible parts of an export for a bug report, with their names for people. */
export const exportParts = {
  events: "Events",
  crash: "Crash report",
  qemu: "QEMU's messages",
  host: "Output of commands on the host",
  task: "The guest's log",
  serial: "Serial console",
  bodies: "Bodies of requests and replies",
  screen: "The guest's screen",
  recording: "Recording of the installation",
} as const;
export type ExportPart = keyof typeof exportParts;

/** Those that a person may leave out; without the others there is nothing to report. */
export const optionalParts = [
  "qemu",
  "host",
  "task",
  "serial",
  "bodies",
  "screen",
  "recording",
] as const satisfies readonly ExportPart[];
export const optionalPartSchema = z.enum(optionalParts);
export type OptionalPart = (typeof optionalParts)[number];

/** All parts that an export leaves out: the recording also has the output of the serial console, and the text on the screen. */
export function allLeftOut(chosen: Iterable<OptionalPart>): ReadonlySet<OptionalPart> {
  const left = new Set(chosen);
  return left.has("serial") || left.has("screen") ? left.add("recording") : left;
}

/** The content that an export of a session or a crash report would have now. */
export const exportContentSchema = z.object({
  /** The title of the session or report. */
  title: z.string(),
  /** Bytes of each part that there is something of. */
  parts: z.partialRecord(z.enum(Object.keys(exportParts) as [ExportPart, ...ExportPart[]]), z.number()),
  /** Names of the variables whose values are replaced. */
  variables: z.array(z.string()),
  /** A name for the file. */
  fileName: z.string(),
});
export type ExportContent = z.infer<typeof exportContentSchema>;
