import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ExchangeEvent, ExchangeHeaders } from "../../shared/exchange.ts";
import { preciseTime } from "../precise-time.ts";
import { type BodyLimits, createBodyRecorders, defaultBodyLimits } from "./body-recorder.ts";
import { watchReply, watchRequest } from "./watch-http.ts";

/**
 * Reports each exchange of a guest's with its MetaService, without changing any of it.
 *
 * There is one a session, also when the session has several MetaServices one after another: it counts the exchanges,
 * and what they may take on disk.
 */
export interface ExchangeRecorder {
  /** Records a request and its reply, from outside. To be called at once, before either is used. */
  begin(request: IncomingMessage, response: ServerResponse): { readonly number: number };
  /** Records what whoever serves the request tells: of a WebSocket, or of what is no valid request. */
  beginUpgrade(request: RequestHead): UpgradeRecorder;
  /** Cuts what is still open, and waits until all is reported. */
  close(): Promise<void>;
}

type RequestHead = Pick<IncomingMessage, "method" | "url" | "rawHeaders">;

/** Takes what happens in one exchange. After its end nothing more is noted. */
export interface UpgradeRecorder {
  readonly number: number;
  /** The reply's head was sent. */
  replied(status: number, headers: ExchangeHeaders): void;
  /** The guest sent bytes: a message, or a part of a body. They may be changed afterwards. */
  received(bytes: Uint8Array): void;
  /** Bytes were sent to the guest, and may be changed afterwards. */
  sent(bytes: Uint8Array): void;
  ended(outcome: "complete" | "cut"): void;
}

export interface ExchangeRecorderOptions {
  /**
   * Takes what happens. An end is reported when its bodies are on disk: so it may come after events that happened
   * later, which its time tells.
   */
  readonly report: (event: ExchangeEvent) => void;
  /** The session's folder. */
  readonly folder: string;
  readonly limits?: BodyLimits | undefined;
}

export function createExchangeRecorder({
  report,
  folder,
  limits = defaultBodyLimits,
}: ExchangeRecorderOptions): ExchangeRecorder {
  const recordBody = createBodyRecorders(folder, limits);
  const open = new Set<UpgradeRecorder>();
  const ending = new Set<Promise<void>>();
  const sockets = new WeakMap<Socket, Set<UpgradeRecorder>>();
  let count = 0;

  const beginUpgrade = ({ method = "?", url = "", rawHeaders }: RequestHead): UpgradeRecorder => {
    count += 1;
    const exchange = count;
    const request = recordBody(exchange, "request");
    const reply = recordBody(exchange, "reply");
    const end = async (outcome: "complete" | "cut", time: number) => {
      const bodies = { request: await request.result(), reply: await reply.result() };
      report({ type: "exchange-ended", exchange, time, outcome, ...bodies });
    };
    const recorder: UpgradeRecorder = {
      number: exchange,
      replied: (status, headers) => {
        if (open.has(recorder))
          report({ type: "exchange-replied", exchange, time: preciseTime(), status, headers });
      },
      received: (bytes) => {
        if (open.has(recorder)) request.add(bytes);
      },
      sent: (bytes) => {
        if (open.has(recorder)) reply.add(bytes);
      },
      ended: (outcome) => {
        if (!open.delete(recorder)) return;
        const ended = end(outcome, preciseTime()).finally(() => ending.delete(ended));
        ending.add(ended);
      },
    };
    open.add(recorder);
    const headers = pairs(rawHeaders);
    report({ type: "exchange-started", exchange, time: preciseTime(), method, target: url, headers });
    return recorder;
  };

  /** The exchanges on a connection that are to be cut when it closes. */
  const openOn = (socket: Socket): Set<UpgradeRecorder> => {
    const known = sockets.get(socket);
    if (known) return known;
    const recorders = new Set<UpgradeRecorder>();
    sockets.set(socket, recorders);
    // One listener for all of them: a guest may send many requests before it waits for a reply.
    socket.once("close", () => {
      for (const recorder of recorders) recorder.ended("cut");
    });
    return recorders;
  };

  return {
    begin: (request, response) => {
      const recorder = beginUpgrade(request);
      const neighbours = openOn(request.socket);
      neighbours.add(recorder);
      const parts = new Set(["request", "reply"]);
      const partEnded = (part: string) => {
        parts.delete(part);
        if (parts.size > 0) return;
        neighbours.delete(recorder);
        recorder.ended("complete");
      };
      watchRequest(request, { onBytes: recorder.received, onEnd: () => partEnded("request") });
      watchReply(request, response, {
        onHead: recorder.replied,
        onBytes: recorder.sent,
        onEnd: () => partEnded("reply"),
      });
      return recorder;
    },
    beginUpgrade,
    close: async () => {
      for (const recorder of open) recorder.ended("cut");
      await Promise.all(ending);
    },
  };
}

function pairs(namesAndValues: readonly string[]): ExchangeHeaders {
  return Array.from({ length: namesAndValues.length / 2 }, (_, index) => [
    namesAndValues[2 * index] ?? "",
    namesAndValues[2 * index + 1] ?? "",
  ]);
}
