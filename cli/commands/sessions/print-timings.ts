import { readSessionLog } from "../../../core/session-record/session-log-reader.ts";
import { type Paths, sessionPaths } from "../../../core/storage/paths.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { formatLatency } from "../../../shared/text/format.ts";
import { printJson, printMessage } from "../../support/print.ts";
import { type Timing, timingsOf, totalOf } from "./timings.ts";

/** Prints how long the parts of a session took: a table on stderr, or an event on stdout. */
export async function printTimings(
  paths: Paths,
  session: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const events: SessionEvent[] = [];
  for await (const block of readSessionLog(sessionPaths(paths, session).events)) events.push(...block);
  const parts = timingsOf(events);
  const total = totalOf(events);
  if (json) return printJson({ type: "timings", session, parts, total });
  const rows: readonly (readonly [name: string, milliseconds: number])[] = [
    ...parts.filter(({ isBeside }) => !isBeside).map((part) => row(part, part.isInner ? "  " : "")),
    ["Total", total],
    ...parts.filter(({ isBeside }) => isBeside).map((part) => row(part, "Beside these: ")),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  printMessage(`Times of session ${session}:\n`);
  for (const [name, milliseconds] of rows)
    printMessage(`  ${name.padEnd(width)}  ${formatLatency(milliseconds).padStart(10)}\n`);
}

function row({ name, milliseconds }: Timing, before: string): readonly [string, number] {
  return [`${before}${name}`, milliseconds];
}
