import { readSessionLog } from "../../../core/session-record/session-log-reader.ts";
import { type Paths, sessionPaths } from "../../../core/storage/paths.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { formatLatency } from "../../../shared/text/format.ts";
import { printJson, printMessage } from "../../support/print.ts";
import { timingsOf } from "./timings.ts";

/** Prints how long the parts of a session took: a table on stderr, or an event on stdout. */
export async function printTimings(
  paths: Paths,
  session: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const events: SessionEvent[] = [];
  for await (const block of readSessionLog(sessionPaths(paths, session).events)) events.push(...block);
  const parts = timingsOf(events);
  if (json) return printJson({ type: "timings", session, parts });
  const name = ({ name, isInner }: (typeof parts)[number]) => `${isInner ? "  " : ""}${name}`;
  const width = Math.max(0, ...parts.map((part) => name(part).length));
  printMessage(`Times of session ${session}:\n`);
  for (const part of parts)
    printMessage(`  ${name(part).padEnd(width)}  ${formatLatency(part.milliseconds).padStart(10)}\n`);
}
