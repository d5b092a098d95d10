import { type IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ExchangeHeaders } from "../../../shared/guest/exchange.ts";
import type { MessageEdit } from "../../../shared/rules/rule.ts";
import { bodyPieces } from "../http/body-pieces.ts";

/** Ends the body of an altered request, and leaves its connection as it is. */
export class EndedByRule extends Error {
  override readonly name = "EndedByRule";
}

/** A request whose body does not come from its connection as it is. To destroy it is to cut the connection. */
export class AlteredRequest extends IncomingMessage {
  readonly #pieces: AsyncIterator<Buffer>;
  #isDetached = false;
  readonly #onCut = () => {
    if (!this.complete) this.destroy();
  };

  /** @param pieces its body. An error of it destroys the request; see `EndedByRule`. */
  constructor(original: IncomingMessage, pieces: AsyncIterable<Buffer>, headers: ExchangeHeaders) {
    super(original.socket);
    this.method = original.method ?? "";
    this.url = original.url ?? "";
    this.httpVersion = original.httpVersion;
    this.httpVersionMajor = original.httpVersionMajor;
    this.httpVersionMinor = original.httpVersionMinor;
    this.rawHeaders = headers.flat();
    this.headers = headersByName(headers);
    this.#pieces = pieces[Symbol.asyncIterator]();
    original.socket.once("close", this.#onCut);
    this.once("close", () => this.release());
  }

  /** Leaves the connection alone from now on; to be called when the request was answered, since it may never be read. */
  release(): void {
    this.socket.off("close", this.#onCut);
  }

  override _read(): void {
    this.#pieces.next().then(
      ({ done, value }) => {
        if (this.destroyed) return;
        this.complete = done === true;
        this.push(done ? null : value);
      },
      (error) => {
        this.#isDetached = error instanceof EndedByRule;
        this.destroy();
      },
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#isDetached) callback(null);
    else super._destroy(error, callback);
  }
}

/** The pieces of a request's body that have been read already, and those that are still to come. */
export interface RequestBody {
  readonly beginning: readonly Buffer[];
  readonly rest: AsyncGenerator<Buffer, void, void>;
  /** Whether there is no rest. */
  readonly isWhole: boolean;
}

/** Reads a request's body until it ends, is interrupted, or has this many bytes. */
export async function readBeginning(request: IncomingMessage, most: number): Promise<RequestBody> {
  const rest = bodyPieces(request);
  const beginning: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const { done, value } = await rest.next();
    if (done) return { beginning, rest: brokenUnless(request), isWhole: request.readableEnded };
    beginning.push(value);
    length += value.length;
  }
  return { beginning, rest, isWhole: false };
}

/** The pieces of a request's body. @throws when its connection breaks before its end */
export async function* wholePieces(
  request: IncomingMessage,
  { beginning, rest }: Omit<RequestBody, "isWhole"> = { beginning: [], rest: bodyPieces(request) },
): AsyncGenerator<Buffer, void, void> {
  yield* beginning;
  yield* rest;
  yield* brokenUnless(request);
}

// biome-ignore lint/correctness/useYield: it is the end of other pieces.
async function* brokenUnless({ readableEnded }: IncomingMessage): AsyncGenerator<Buffer, void, void> {
  if (!readableEnded) throw new Error("the request was interrupted");
}

/** The headers of a request with other ones, and the length of its new body, unless they give another one on purpose. */
export function editHeaders(
  headers: ExchangeHeaders,
  edits: MessageEdit["headers"] = {},
  length: number,
): ExchangeHeaders {
  const edited = Object.keys(edits).map((name) => name.toLowerCase());
  const hasLength = edited.includes("content-length");
  const changed = new Set(["content-length", "transfer-encoding", ...edited]);
  return [
    ...headers.filter(([name]) => !changed.has(name.toLowerCase())),
    ...setHeaders(edits),
    ...(hasLength ? [] : [["Content-Length", `${length}`] as const]),
  ];
}

/** The headers that an edit sets. */
export function setHeaders(edits: NonNullable<MessageEdit["headers"]>): [string, string][] {
  return Object.entries(edits).flatMap(([name, values]) =>
    [values ?? []].flat().map((value): [string, string] => [name, value]),
  );
}

/** As Node gives them: by their names in lower case, several of one name in one value. */
function headersByName(headers: ExchangeHeaders): IncomingHttpHeaders {
  const byName = Object.groupBy(headers, ([name]) => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(byName).map(([name, all = []]) => [name, all.map(([, value]) => value).join(", ")]),
  );
}
