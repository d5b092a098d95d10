import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";

const greeting = z.object({ QMP: z.object({}) });
const event = z.object({ event: z.string(), data: z.record(z.string(), z.unknown()).optional() });
const success = z.object({ return: z.unknown(), id: z.number() });
const failure = z.object({
  error: z.object({ class: z.string(), desc: z.string() }),
  id: z.number().optional(),
});
const message = z.union([greeting, event, success, failure]);

/** An event that QEMU sends by itself, such as `SHUTDOWN`; see QEMU's QMP reference. */
export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface PendingCommand {
  readonly name: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** No message of the few commands and events in use comes near this many characters. */
const maxLineLength = 16 * 1024 ** 2;

/** QEMU's control channel: JSON lines over a stream socket (QMP, docs/interop/qmp-spec). */
export class QmpClient extends EventEmitter<{ event: [QmpEvent] }> {
  readonly #socket: Socket;
  readonly #pending = new Map<number, PendingCommand>();
  #lastId = 0;
  #received = "";
  #closed = false;
  readonly #gone = Promise.withResolvers<void>();
  readonly #greeted: Promise<void>;
  #settleGreeting: { resolve: () => void; reject: (error: Error) => void };

  constructor(socket: Socket) {
    super();
    const greeted = Promise.withResolvers<void>();
    this.#greeted = greeted.promise;
    this.#greeted.catch(() => {});
    this.#settleGreeting = greeted;
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", () => {});
    socket.on("close", () => this.#fail());
  }

  /** Settles when QEMU, or this process, has closed the channel, and all that QEMU has sent was received; never rejects. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Waits for QEMU's greeting and ends the negotiation; no other command is taken before that. */
  async negotiate(): Promise<void> {
    await this.#greeted;
    await this.execute("qmp_capabilities");
  }

  /**
   * Runs one command and returns QEMU's answer.
   *
   * @throws AppError `qemu-failed` when QEMU refuses it or the channel closes.
   */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(channelClosed(command));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { name: command, resolve, reject });
      const line = `${JSON.stringify({ execute: command, arguments: args, id })}\n`;
      // A write to a QEMU that has ended drops what it has sent last, such as that its guest has powered off. Between two
      // immediates, Node reads.
      setImmediate(() => setImmediate(() => this.#closed || this.#socket.write(line)));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#received + text).split("\n");
    this.#received = lines.pop() ?? "";
    if (this.#received.length > maxLineLength) this.close();
    for (const line of lines) if (line.trim()) this.#dispatch(line);
  }

  #dispatch(line: string): void {
    const parsed = message.safeParse(parseJson(line));
    const data = parsed.data;
    if (!data) this.close();
    else if ("QMP" in data) this.#settleGreeting.resolve();
    else if ("event" in data) this.emit("event", { name: data.event, data: data.data ?? {} });
    else this.#answer(data);
  }

  #answer(data: z.infer<typeof success> | z.infer<typeof failure>): void {
    const command = data.id === undefined ? undefined : this.#pending.get(data.id);
    if (!command || data.id === undefined) return;
    this.#pending.delete(data.id);
    if ("error" in data)
      command.reject(
        new AppError({ code: "qemu-failed", message: `QEMU refused ${command.name}: ${data.error.desc}` }),
      );
    else command.resolve(data.return);
  }

  #fail(): void {
    this.#closed = true;
    this.#settleGreeting.reject(channelClosed("its greeting"));
    for (const command of this.#pending.values()) command.reject(channelClosed(command.name));
    this.#pending.clear();
    this.#gone.resolve();
  }
}

function channelClosed(what: string): AppError {
  return new AppError({ code: "qemu-failed", message: `QEMU closed its control channel before ${what}` });
}
