import { type OutputTimes, parseOutputTimes } from "../../../shared/session/output-times.ts";
import type { SessionSpan } from "../../../shared/session/session-span.ts";
import { findSessionFile } from "../../client/api-client.ts";

/** Bytes of a file that are read: a session's files have the rest. */
export const mostBytes = 16 * 1024 ** 2;

/** The beginning of a session's file; empty when there is none. */
export async function loadSessionFile(
  session: string,
  name: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const address = await findSessionFile(session, name);
  if (!address) return new Uint8Array();
  const response = await fetch(address, { signal });
  if (!response.ok || !response.body) return new Uint8Array();
  const blocks: Uint8Array[] = [];
  let size = 0;
  for await (const block of response.body) {
    blocks.push(block);
    size += block.length;
    if (size >= mostBytes) break;
  }
  return new Uint8Array(await new Blob(blocks as BlobPart[]).arrayBuffer());
}

/** The output of a session that has times: that of its serial console, and that of its task. */
export type OutputName = "serial" | "task";

/** When the output of a session came, as far as it was noted. @param span of the session, if it is known */
export async function loadOutputTimes(
  session: string,
  name: OutputName,
  signal: AbortSignal,
  span?: Promise<SessionSpan>,
): Promise<OutputTimes> {
  const [bytes, known] = await Promise.all([loadSessionFile(session, `${name}.times`, signal), span]);
  return parseOutputTimes(new TextDecoder().decode(bytes), known);
}
