import type { Readable } from "node:stream";

/** Bytes: far more than any response of a MetaService has. */
const longestResponse = 16 * 1024 ** 2;

/** Reads the text of a response to its end. @throws Error if it is longer than any can be */
export async function readAtMost(response: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > longestResponse) throw new Error("the response is longer than 16 MiB");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Whether an error is that of a time limit. */
export function isTimeout(error: unknown): boolean {
  const { name, cause } = error as Error;
  return name === "TimeoutError" || (cause as Error | undefined)?.name === "TimeoutError";
}
