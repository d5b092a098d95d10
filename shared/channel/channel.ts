/** Text, or bytes. */
export type ChannelMessage = string | Uint8Array;

/**
 * Carries whole messages in their order between two ends, over any transport: calls and byte channels know nothing
 * else of the connection between a window and the engine.
 *
 * Messages that arrive in the same turn in which a channel was handed over wait for `onMessage`; later ones don't.
 */
export interface Channel {
  /** Sends a message, as soon as the channel is open; settles when more may be sent. On a closed one it is dropped. */
  send(message: ChannelMessage): Promise<void>;
  /** Closes it; messages that were sent before still arrive. */
  close(): void;
  readonly isClosed: () => boolean;
  onMessage(take: (message: ChannelMessage) => void): void;
  /** Calls back once, when either end has closed it, or it broke. */
  onClose(take: () => void): void;
}

/** The part of a WebSocket that a channel uses, a browser's or of the `ws` library. */
interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(message: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "open" | "close", listener: () => void): void;
}

/** As WebSockets number their states. */
const socketState = { connecting: 0, open: 1, closed: 3 } as const;

/** @param transmit sends a message on the open socket; settles when more may be sent */
export function socketChannel<Socket extends SocketLike>(
  socket: Socket,
  transmit: (socket: Socket, message: ChannelMessage) => void | Promise<void> = (to, message) =>
    to.send(message as string | Uint8Array<ArrayBuffer>),
): Channel {
  socket.binaryType = "arraybuffer";
  const settled =
    socket.readyState === socketState.connecting &&
    new Promise<void>((resolve) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("close", () => resolve());
    });
  return {
    send: async (message) => {
      if (socket.readyState === socketState.connecting) await settled;
      if (socket.readyState === socketState.open) await transmit(socket, message);
    },
    close: () => socket.close(),
    isClosed: () => socket.readyState === socketState.closed,
    onMessage: (take) => socket.addEventListener("message", ({ data }) => take(messageOf(data))),
    onClose: (take) => socket.addEventListener("close", take),
  };
}

/** The part of a MessagePort that a channel uses, a browser's, Node's or Electron's. */
interface PortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: string, listener: (event: object) => void): void;
}

/** A channel on a MessagePort, which tells its other end that it closes: not every browser's port does by itself. */
export function portChannel(port: PortLike): Channel {
  let isClosed = false;
  const listeners = new Set<() => void>();
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    for (const listener of listeners) listener();
  };
  const goodbye = null;
  const listen = (take: (data: unknown) => void) =>
    port.addEventListener("message", (event) => take("data" in event ? event.data : undefined));
  port.addEventListener("close", closed);
  listen((data) => {
    if (data !== goodbye) return;
    port.close();
    closed();
  });
  return {
    send: async (message) => {
      if (!isClosed) port.postMessage(ownBytes(message));
    },
    close: () => {
      if (isClosed) return;
      port.postMessage(goodbye);
      port.close();
      closed();
    },
    isClosed: () => isClosed,
    onMessage: (take) => {
      listen((data) => {
        if (data !== goodbye) take(messageOf(data));
      });
      port.start();
    },
    onClose: (take) => listeners.add(take),
  };
}

function messageOf(data: unknown): ChannelMessage {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : (data as ChannelMessage);
}

/** A view into a larger buffer would be sent with all of that. It is not sliced: Node's buffers take views for slices. */
function ownBytes(message: ChannelMessage): ChannelMessage {
  return typeof message === "string" || message.length === message.buffer.byteLength
    ? message
    : new Uint8Array(message);
}
