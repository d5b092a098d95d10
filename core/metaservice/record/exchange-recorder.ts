import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ExchangeEvent, ExchangeHeaders, ExchangeOutcome } from "../../../shared/guest/exchange.ts";
import { preciseTime } from "../../time/precise-time.ts";
import {
  type BodyLimits,
  type BodyRecorder,
  createBodyRecorders,
  defaultBodyLimits,
} from "./body-recorder.ts";
import { pairsOf } from "./header-pairs.ts";
import { type ExchangeWatcher, type WatchedReply, type WatchedRequest, watchExchange } from "./watch-http.ts";

/**
 * Reports each exchange of a guest's with its MetaService, without changing any of it.
 *
 * There is one a session, also when the session has several MetaServices one after another: it counts the exchanges,
 * and what they may take on disk.
 */
export interface ExchangeRecorder {
  /** Records a request and its reply, from outside. To be called at once, before either is used. */
  begin(request: WatchedRequest, response: WatchedReply): { readonly number: number };
  /** Records an exchange by what its handler reports: a WebSocket, or an invalid request. */
  beginUpgrade(request: RequestHead): UpgradeRecorder;
  /** Notes that the guest was gone before an exchange was over: its reply, though sent, reaches nobody. */
  guestGone(exchange: number): void;
  /** Cuts open exchanges. @param why the reason for the person */
  cutAll(why: string): void;
  /** Cuts open exchanges, and waits until all are reported. */
  close(): Promise<void>;
}

type RequestHead = Pick<IncomingMessage, "method" | "url" | "rawHeaders">;

/** Takes the events of one exchange. After its end nothing more is noted. */
export interface UpgradeRecorder {
  readonly number: number;
  /** The reply's head was sent. */
  replied(status: number, headers: ExchangeHeaders): void;
  /** The guest sent bytes: a message, or a part of a body. They may be changed afterwards. */
  received(bytes: Uint8Array): void;
  /** Bytes were sent to the guest, and may be changed afterwards. */
  sent(bytes: Uint8Array): void;
  ended(outcome: ExchangeOutcome): void;
}

/** The end of an exchange on its connection, before its bodies are on disk. */
export interface ExchangeEnd {
  readonly exchange: number;
  /** Bytes of the request's body that came. */
  readonly requestBytes: number;
}

export interface ExchangeRecorderOptions {
  /**
   * Takes events. An end is reported when its bodies are on disk: so it may follow events that happened later; its
   * time shows that.
   */
  readonly report: (event: ExchangeEvent) => void;
  /** Takes the end of each exchange at once. */
  readonly onEnd?: (end: ExchangeEnd) => void;
  /** The session's folder. */
  readonly folder: string;
  readonly limits?: BodyLimits | undefined;
  /** Takes notes for the person about bodies that are not kept. */
  readonly onNote?: (text: string) => void;
}

export function createExchangeRecorder({
  report,
  onEnd = () => {},
  folder,
  limits = defaultBodyLimits,
  onNote = () => {},
}: ExchangeRecorderOptions): ExchangeRecorder {
  const records: Records = {
    report,
    onEnd,
    recordBody: createBodyRecorders(folder, limits, onNote),
    open: new Set(),
    ending: new Set(),
  };
  const connections = new WeakMap<Socket, Set<RecordedExchange>>();
  let count = 0;

  /** The exchanges on a connection that are to be cut when it closes. */
  const openOn = (socket: Socket): Set<RecordedExchange> => {
    const known = connections.get(socket);
    if (known) return known;
    const exchanges = new Set<RecordedExchange>();
    connections.set(socket, exchanges);
    // One listener for all of them: a guest may send many requests before it waits for a reply.
    socket.once("close", () => {
      for (const exchange of exchanges) exchange.ended("cut");
    });
    return exchanges;
  };

  return {
    begin: (request, response) => {
      const exchange = new RecordedExchange(++count, request, records, openOn(request.socket));
      watchExchange(request, response, exchange);
      return exchange;
    },
    beginUpgrade: (request) => new RecordedExchange(++count, request, records),
    guestGone: (number) => {
      for (const exchange of records.open) if (exchange.number === number) exchange.guestGone();
    },
    cutAll: (why) => {
      for (const exchange of records.open) exchange.ended("cut", why);
    },
    close: async () => {
      for (const exchange of records.open) exchange.ended("cut");
      await Promise.all(records.ending);
    },
  };
}

/** The status of a response after which a connection has messages. */
const switchingProtocols = 101;
/** Lengths of messages in the end of an exchange: 50 kB. A person who types sends as many in an hour. */
const maximumMessages = 10_000;

/** The state that all exchanges of a recorder share. */
interface Records {
  readonly report: (event: ExchangeEvent) => void;
  readonly onEnd: (end: ExchangeEnd) => void;
  readonly recordBody: (exchange: number, side: "request" | "reply") => BodyRecorder;
  readonly open: Set<RecordedExchange>;
  /** Those whose bodies are on their way to the disk. */
  readonly ending: Set<Promise<void>>;
}

class RecordedExchange implements UpgradeRecorder, ExchangeWatcher {
  readonly number: number;
  readonly #records: Records;
  /** The open exchanges on its connection. */
  readonly #neighbours: Set<RecordedExchange> | undefined;
  readonly #request: BodyRecorder;
  readonly #reply: BodyRecorder;
  /** The lengths of what was sent, if it has become a WebSocket. */
  #messages: number[] | undefined;
  #isOpen = true;
  #hasRequestEnded = false;
  #hasReplyEnded = false;
  #isGuestGone = false;

  constructor(number: number, head: RequestHead, records: Records, neighbours?: Set<RecordedExchange>) {
    const { method = "?", url = "", rawHeaders } = head;
    this.number = number;
    this.#records = records;
    this.#neighbours = neighbours;
    this.#request = records.recordBody(number, "request");
    this.#reply = records.recordBody(number, "reply");
    records.open.add(this);
    neighbours?.add(this);
    const headers = pairsOf(rawHeaders);
    records.report({
      type: "exchange-started",
      exchange: number,
      time: preciseTime(),
      method,
      target: url,
      headers,
    });
  }

  received(bytes: Uint8Array): void {
    if (this.#isOpen) this.#request.add(bytes);
  }

  requestEnded(): void {
    if (!this.#isOpen || this.#hasRequestEnded) return;
    this.#hasRequestEnded = true;
    if (this.#request.bytes > 0)
      this.#records.report({ type: "exchange-received", exchange: this.number, time: preciseTime() });
    if (this.#hasReplyEnded) this.ended("complete");
  }

  replied(status: number, headers: ExchangeHeaders): void {
    if (!this.#isOpen) return;
    if (status === switchingProtocols) this.#messages = [];
    const time = preciseTime();
    this.#records.report({ type: "exchange-replied", exchange: this.number, time, status, headers });
  }

  sent(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#reply.add(bytes);
    if (this.#messages && this.#messages.length < maximumMessages) this.#messages.push(bytes.length);
  }

  replyEnded(): void {
    this.#hasReplyEnded = true;
    if (this.#hasRequestEnded) this.ended("complete");
  }

  guestGone(): void {
    // The close of a WebSocket tells its end.
    this.#isGuestGone = this.#messages === undefined;
  }

  /** @param why it was cut, if Tinsmith did */
  ended(outcome: ExchangeOutcome, why?: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { open, ending } = this.#records;
    open.delete(this);
    this.#neighbours?.delete(this);
    const time = preciseTime();
    const end = this.#isGuestGone ? "cut" : outcome;
    this.#records.onEnd({ exchange: this.number, requestBytes: this.#request.bytes });
    const saved = [this.#request.saved(), this.#reply.saved()].filter((promise) => promise !== undefined);
    if (saved.length === 0) {
      this.#reportEnd(end, time, why);
      return;
    }
    const ended = Promise.all(saved).then(() => {
      this.#reportEnd(end, time, why);
      ending.delete(ended);
    });
    ending.add(ended);
  }

  #reportEnd(outcome: ExchangeOutcome, time: number, why: string | undefined): void {
    const messages = this.#messages && this.#messages.length > 0 ? { messages: this.#messages } : {};
    const bodies = { request: this.#request.result(), reply: { ...this.#reply.result(), ...messages } };
    this.#records.report({
      type: "exchange-ended",
      exchange: this.number,
      time,
      outcome,
      ...(why !== undefined && { why }),
      ...bodies,
    });
  }
}
