/**
 * The messages of an interactive shell in the guest: binary WebSocket messages, `[type] [data]`. The guest tools have
 * their own codec; the fixtures in tests/fixtures/guest-protocol/shell.json hold both to one meaning.
 */

/** Numbered as on the wire. With a terminal, stderr carries nothing but its end. */
export const shellStreams = ["stdin", "stdout", "stderr"] as const;
export type ShellStream = (typeof shellStreams)[number];

export type ShellMessage =
  /** Bytes of a stream; none of them mean its end. */
  | { readonly type: "data"; readonly stream: ShellStream; readonly payload: Uint8Array }
  /** This many bytes of a stream were consumed. */
  | { readonly type: "ack"; readonly stream: ShellStream; readonly bytes: number }
  /** The size of the terminal; from host to guest. */
  | { readonly type: "size"; readonly columns: number; readonly rows: number }
  /** Kill the command; from host to guest. */
  | { readonly type: "abort" }
  /** The command ended, and all its output was sent; from guest to host. */
  | { readonly type: "exit"; readonly success: boolean };

const typeNumber = { data: 0, ack: 1, size: 3, abort: 4, exit: 5 } as const;

/** A message of a known type that does not have that type's form. */
export class ShellMessageError extends Error {
  override readonly name = "ShellMessageError";
}

/** @returns the message's bytes; a payload is copied. */
export function encodeShellMessage(message: ShellMessage): Uint8Array<ArrayBuffer> {
  const type = typeNumber[message.type];
  switch (message.type) {
    case "data": {
      const bytes = new Uint8Array(2 + message.payload.length);
      bytes.set([type, shellStreams.indexOf(message.stream)]);
      bytes.set(message.payload, 2);
      return bytes;
    }
    case "ack": {
      const bytes = Uint8Array.of(type, shellStreams.indexOf(message.stream), 0, 0, 0, 0);
      view(bytes).setUint32(2, message.bytes);
      return bytes;
    }
    case "size": {
      const bytes = Uint8Array.of(type, 0, 0, 0, 0);
      view(bytes).setUint16(1, message.columns);
      view(bytes).setUint16(3, message.rows);
      return bytes;
    }
    case "abort":
      return Uint8Array.of(type);
    case "exit":
      return Uint8Array.of(type, message.success ? 0 : 1);
  }
}

/**
 * Reads one message. A payload is a view into the given bytes.
 *
 * Older guests send Exit as type 3 with one byte of data; a Size, which has four, has the same type.
 *
 * @returns undefined for a message without bytes, or of a type that is not known: both are ignored.
 * @throws ShellMessageError
 */
export function decodeShellMessage(bytes: Uint8Array): ShellMessage | undefined {
  switch (bytes[0]) {
    case typeNumber.data:
      return { type: "data", stream: streamOf(bytes), payload: bytes.subarray(2) };
    case typeNumber.ack:
      requireLength(bytes, 6);
      return { type: "ack", stream: streamOf(bytes), bytes: view(bytes).getUint32(2) };
    case typeNumber.size: {
      if (bytes.length === 2) return { type: "exit", success: bytes[1] === 0 };
      requireLength(bytes, 5);
      const numbers = view(bytes);
      return { type: "size", columns: numbers.getUint16(1), rows: numbers.getUint16(3) };
    }
    case typeNumber.abort:
      requireLength(bytes, 1);
      return { type: "abort" };
    case typeNumber.exit:
      requireLength(bytes, 2);
      return { type: "exit", success: bytes[1] === 0 };
    default:
      return undefined;
  }
}

function streamOf(bytes: Uint8Array): ShellStream {
  const stream = shellStreams[bytes[1] ?? -1];
  if (stream === undefined)
    throw new ShellMessageError(
      `message of type ${bytes[0]} for no known stream: ${bytes[1] ?? "it has none"}`,
    );
  return stream;
}

function requireLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length)
    throw new ShellMessageError(
      `message of type ${bytes[0]} must have ${length} bytes, and has ${bytes.length}`,
    );
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
