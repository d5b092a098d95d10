import { createORPCClient, mapEventIterator, ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { Channel } from "../channel/channel.ts";
import { fromWireError, toWireError } from "./call-errors.ts";

/** A call on its way through the library, as an interceptor meets it. */
interface Call {
  readonly signal?: { readonly aborted: boolean; readonly reason: unknown } | undefined;
  /** The names that lead to the procedure in its contract. */
  readonly path: readonly string[];
  readonly next: () => Promise<unknown>;
}

type BrokenOff = (path: readonly string[]) => unknown;

/** Wraps each call at the server: any error of it, or of its events, reaches the client as an AppError. */
export function sendErrors({ next }: Pick<Call, "next">): Promise<unknown> {
  return mapErrors(next, toWireError);
}

/**
 * Makes a client of the contract that is served at the other end of a channel. An AppError of a procedure is thrown
 * as one at the client; an aborted call throws the signal's reason.
 *
 * @param brokenOff makes the error that is thrown when the connection broke before the end of a call.
 */
export function createClient<Client>(channel: Channel, brokenOff: BrokenOff): Client {
  const websocket = {
    get readyState() {
      // The channel itself waits until it is open.
      return channel.isClosed() ? closed : open;
    },
    send: channel.send,
    addEventListener: callListener(channel),
    removeEventListener: () => {},
  };
  return createORPCClient(new RPCLink({ websocket, interceptors: [receiveErrors(brokenOff)] })) as Client;
}

/** As WebSockets number their states, which is what the library asks for. */
const [open, closed] = [1, 3];

/** Connects the library, at either end, with a channel's messages and its end. */
export function callListener({ onMessage, onClose }: Channel) {
  return (type: string, listener: (event: never) => void) => {
    if (type === "message") onMessage((data) => listener({ data } as never));
    if (type === "close") onClose(() => listener({} as never));
  };
}

function receiveErrors(brokenOff: BrokenOff): (call: Call) => Promise<unknown> {
  return ({ path, signal, next }) =>
    mapErrors(next, (thrown) => {
      if (signal?.aborted) return signal.reason;
      return thrown instanceof ORPCError ? fromWireError(thrown) : brokenOff(path);
    });
}

async function mapErrors(next: Call["next"], change: (thrown: unknown) => unknown): Promise<unknown> {
  try {
    const output = await next();
    if (!isEventIterator(output)) return output;
    return mapEventIterator(output, {
      value: async (value) => value,
      error: async (thrown) => change(thrown),
    });
  } catch (thrown) {
    throw change(thrown);
  }
}

function isEventIterator(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}
