import { EventEmitter } from "node:events";
import type * as Electron from "electron";

/** A message between the two ends of a port, as it crosses the DevTools protocol. */
export interface PortMessage {
  readonly port: number;
  /** Undefined when the port has closed. */
  readonly data?: Encoded;
  /** The ports that were sent along, by their numbers. */
  readonly ports?: readonly number[];
}

/** JSON, or bytes in base64. */
export type Encoded = { readonly json: string } | { readonly base64: string };

/** The main process's end of a port whose other end is in the page. */
export class StandInPort
  extends EventEmitter
  implements Pick<Electron.MessagePortMain, "postMessage" | "start" | "close">
{
  readonly #send: (data: Encoded | undefined) => void;
  #waiting: object[] | undefined = [];

  constructor(send: (data: Encoded | undefined) => void) {
    super();
    this.#send = send;
  }

  postMessage(message: unknown): void {
    this.#send(encode(message));
  }

  /** As with the real one, messages wait until then. */
  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.emit("message", event);
  }

  close(): void {
    this.#send(undefined);
  }

  take(data: Encoded, ports: readonly StandInPort[]): void {
    const event = { data: decode(data), ports };
    if (this.#waiting) this.#waiting.push(event);
    else this.emit("message", event);
  }
}

function encode(message: unknown): Encoded {
  return message instanceof Uint8Array
    ? { base64: Buffer.from(message).toString("base64") }
    : { json: JSON.stringify(message) };
}

function decode(data: Encoded): unknown {
  return "base64" in data ? new Uint8Array(Buffer.from(data.base64, "base64")) : JSON.parse(data.json);
}
