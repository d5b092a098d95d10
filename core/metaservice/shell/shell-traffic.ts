import { createReceiveWindow, createSendWindow } from "../../../shared/channel/flow-control.ts";
import {
  decodeShellMessage,
  type ShellMessage,
  ShellMessageError,
  type ShellStream,
} from "../../../shared/guest/shell-codec.ts";
import { protocolLimits } from "../../../shared/limits.ts";

/** Holds the two ends of a shell, neither of which is trusted, to the form of their messages and to the windows. */
export interface ShellTraffic {
  /**
   * Checks a message from the guest.
   *
   * @returns undefined for one that means nothing.
   * @throws ShellMessageError, RangeError
   */
  fromGuest(bytes: Uint8Array): ShellMessage | undefined;
  /** Checks a message to the guest. @throws ShellMessageError, RangeError */
  toGuest(bytes: Uint8Array): ShellMessage;
}

export function createShellTraffic(): ShellTraffic {
  const stdin = createSendWindow(protocolLimits.shellWindowBytes);
  const outputs = {
    stdout: createReceiveWindow(protocolLimits.shellWindowBytes),
    stderr: createReceiveWindow(protocolLimits.shellWindowBytes),
  };
  const ended = new Set<ShellStream>();
  const pass = (stream: ShellStream, { length }: Uint8Array, count: (bytes: number) => void) => {
    if (ended.has(stream)) throw new ShellMessageError(`data for ${stream} after its end`);
    if (length === 0) ended.add(stream);
    count(length);
  };

  return {
    fromGuest: (bytes) => {
      const message = decodeShellMessage(bytes);
      if (message?.type === "data" && message.stream !== "stdin")
        pass(message.stream, message.payload, outputs[message.stream].received);
      else if (message?.type === "ack" && message.stream === "stdin") stdin.acknowledged(message.bytes);
      else if (message && message.type !== "exit") throw strange(message, "from the guest");
      // Without this a guest could keep the other end busy for nothing.
      return message?.type === "ack" && message.bytes === 0 ? undefined : message;
    },

    toGuest: (bytes) => {
      const message = decodeShellMessage(bytes);
      if (!message) throw new ShellMessageError("a message of no known type to the guest");
      if (message.type === "data" && message.stream === "stdin") {
        if (message.payload.length > protocolLimits.shellBlockBytes)
          throw new ShellMessageError(`${message.payload.length} bytes of data in one message`);
        pass("stdin", message.payload, stdin.sent);
      } else if (message.type === "ack" && message.stream !== "stdin")
        outputs[message.stream].consumed(message.bytes);
      else if (message.type !== "size" && message.type !== "abort") throw strange(message, "to the guest");
      return message;
    },
  };
}

function strange(message: ShellMessage, where: string): ShellMessageError {
  const stream = "stream" in message ? ` for ${message.stream}` : "";
  return new ShellMessageError(`a message of type ${message.type}${stream} ${where}`);
}
