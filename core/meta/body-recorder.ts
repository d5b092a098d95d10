import { join } from "node:path";
import type { ExchangeBody } from "../../shared/exchange.ts";
import { exchangeBodyFile } from "../paths.ts";
import { type BodyFile, createBodyFile } from "./body-file.ts";

/** How much of the bodies is kept, in bytes. */
export interface BodyLimits {
  /** Of each body in the event itself. */
  readonly beginning: number;
  /** Of each body in a file. */
  readonly file: number;
  /** Of all files of a session. */
  readonly session: number;
}

export const defaultBodyLimits: BodyLimits = {
  // All JSON of the protocol but long folder listings, and the first screen of a log.
  beginning: 4 * 1024,
  // More of a log or a listing than a person reads; what a guest logs and sends is kept whole elsewhere.
  file: 1024 ** 2,
  // Some 60 such bodies, out of 1 GiB for all ended sessions. It also bounds what waits for a slow disk in memory.
  session: 64 * 1024 ** 2,
};

/** Counts a body and keeps some of it. Past the limits that is all that it costs: counting. */
export interface BodyRecorder {
  /** Notes the next bytes; they may be changed afterwards. */
  add(bytes: Uint8Array): void;
  /** Settles when what is kept is on disk. */
  result(): Promise<ExchangeBody>;
}

/**
 * Returns a function that begins to record a body.
 *
 * @param folder the session's, in which files are made for bodies that are longer than their beginning.
 */
export function createBodyRecorders(
  folder: string,
  limits: BodyLimits,
): (exchange: number, side: "request" | "reply") => BodyRecorder {
  const room = { bytes: limits.session };
  return (exchange, side) => {
    const name = exchangeBodyFile(exchange, side);
    let bytes = 0;
    let beginning = Buffer.alloc(0);
    let file: BodyFile | undefined;
    return {
      add: (chunk) => {
        bytes += chunk.length;
        const missing = chunk.subarray(0, limits.beginning - beginning.length);
        if (missing.length > 0) beginning = Buffer.concat([beginning, missing]);
        if (bytes <= limits.beginning) return;
        if (!file) {
          file = createBodyFile(join(folder, name), limits.file, room);
          file.append(beginning);
        }
        file.append(chunk.subarray(missing.length));
      },
      result: async () => ({
        bytes,
        beginning: beginning.toString("base64"),
        file: (await file?.saved()) ? name : undefined,
      }),
    };
  };
}
