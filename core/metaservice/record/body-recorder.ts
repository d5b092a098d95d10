import { join } from "node:path";
import type { ExchangeBody } from "../../../shared/guest/exchange.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { createSpaceReserve, diskReserve } from "../../files/free-space.ts";
import { exchangeBodyFile } from "../../storage/paths.ts";
import { type BodyFile, createBodyFile, type Room } from "./body-file.ts";

/** How much of the bodies is kept, in bytes. */
export interface BodyLimits {
  /** Bytes of each body in the event itself. */
  readonly beginning: number;
  /** Bytes of each body in a file. */
  readonly file: number;
  /** Bytes of all files of a session. */
  readonly session: number;
  /** Bytes that must stay free on the disk. */
  readonly reserve: number;
}

export const defaultBodyLimits: BodyLimits = {
  // All JSON of the protocol but long folder listings, and the first screen of a log.
  beginning: 4 * 1024,
  // More of a log or a listing than a person reads; a guest's logs and files have files of their own.
  file: 1024 ** 2,
  // Some 60 such bodies, and a small part of the data of all ended sessions. It also bounds the memory of bodies that
  // wait for a slow disk.
  session: 64 * 1024 ** 2,
  reserve: diskReserve,
};

/** Counts a body and keeps some of it. Past the limits that is all that it costs: counting. */
export interface BodyRecorder {
  /** Notes the next bytes; they may be changed afterwards. */
  add(bytes: Uint8Array): void;
  /** How many bytes were noted. */
  readonly bytes: number;
  /** Settles when the kept part is on the disk; undefined when there is nothing to wait for. */
  saved(): Promise<void> | undefined;
  /** The kept part of the body, after it was saved. */
  result(): ExchangeBody;
}

/**
 * Returns a function that begins to record a body.
 *
 * @param folder the session's, in which files are made for bodies that are longer than their beginning.
 * @param onNote called once for each limit, when something is not kept because of it.
 */
export function createBodyRecorders(
  folder: string,
  limits: BodyLimits,
  onNote: (text: string) => void,
): (exchange: number, side: "request" | "reply") => BodyRecorder {
  const noted = new Set<string>();
  const onLoss = (why: "quota" | "disk") => {
    if (!noted.has(why)) onNote(describeLoss(why, limits));
    noted.add(why);
  };
  const room = { bytes: limits.session, space: createSpaceReserve(folder, limits.reserve), onLoss };
  return (exchange, side) => new RecordedBody(exchange, side, { folder, limits, room });
}

interface Place {
  readonly folder: string;
  readonly limits: BodyLimits;
  readonly room: Room;
}

const nothing = Buffer.alloc(0);

/** Most bodies are empty: until bytes come it holds nothing of its own. */
class RecordedBody implements BodyRecorder {
  readonly #exchange: number;
  readonly #side: "request" | "reply";
  readonly #place: Place;
  #bytes = 0;
  #beginning = nothing;
  #file: BodyFile | undefined;
  #savedName: string | undefined;

  constructor(exchange: number, side: "request" | "reply", place: Place) {
    this.#exchange = exchange;
    this.#side = side;
    this.#place = place;
  }

  add(chunk: Uint8Array): void {
    const { folder, limits, room } = this.#place;
    this.#bytes += chunk.length;
    const missing = chunk.subarray(0, limits.beginning - this.#beginning.length);
    if (missing.length > 0) this.#beginning = Buffer.concat([this.#beginning, missing]);
    if (this.#bytes <= limits.beginning) return;
    if (!this.#file) {
      this.#file = createBodyFile(join(folder, this.#name), limits.file, room);
      this.#file.append(this.#beginning);
    }
    this.#file.append(chunk.subarray(missing.length));
  }

  get bytes(): number {
    return this.#bytes;
  }

  saved(): Promise<void> | undefined {
    return this.#file?.saved().then((isThere) => {
      if (isThere) this.#savedName = this.#name;
    });
  }

  result(): ExchangeBody {
    return { bytes: this.#bytes, beginning: this.#beginning.toString("base64"), file: this.#savedName };
  }

  get #name(): string {
    return exchangeBodyFile(this.#exchange, this.#side);
  }
}

function describeLoss(why: "quota" | "disk", { beginning, session, reserve }: BodyLimits): string {
  const reason =
    why === "quota"
      ? `they have grown to ${formatBytes(session)}`
      : `their disk has less than ${formatBytes(reserve)} free`;
  return `From here on, Tinsmith keeps only the first ${formatBytes(beginning)} of each body of the guest's requests and replies: ${reason}.`;
}
