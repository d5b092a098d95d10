import type { ShellPurpose } from "../../../shared/guest/guest-action.ts";
import {
  decodeShellMessage,
  encodeShellMessage,
  type ShellMessage,
} from "../../../shared/guest/shell-codec.ts";
import type { GuestShell } from "../actions/guest-actions.ts";
import { connectShell, poll } from "../service/test-guest.ts";
import type { TestService } from "../service/test-service.ts";

interface TestShellOptions {
  readonly command?: readonly string[];
  readonly tty?: boolean;
  readonly signal?: AbortSignal;
  readonly isFreeOfRules?: boolean;
  readonly purpose?: ShellPurpose;
  readonly isCutAtEnd?: boolean;
  /** Acknowledges all output at once. */
  readonly acknowledge?: boolean;
}

/** Opens a shell, both ends of it. */
export async function openTestShell(service: TestService, options: TestShellOptions = {}) {
  const {
    command = [],
    tty = false,
    signal,
    isFreeOfRules,
    purpose,
    isCutAtEnd,
    acknowledge = false,
  } = options;
  const received: ShellMessage[] = [];
  let shell: GuestShell | undefined;
  const send = (message: ShellMessage) => shell?.send(encodeShellMessage(message));
  const opened = service.service.actions.openShell(
    { command, tty },
    {
      signal,
      isFreeOfRules,
      purpose,
      isCutAtEnd,
      receive: (bytes) => {
        const message = decodeShellMessage(bytes);
        if (message) received.push(message);
        if (acknowledge && message?.type === "data")
          send({ type: "ack", stream: message.stream, bytes: message.payload.length });
      },
    },
  );
  const action = await poll(service);
  const guest = await connectShell(service, action.id);
  shell = await opened;
  const { ended } = shell;
  // A test that has to do with its end looks at that itself.
  ended.catch(() => {});
  return { action, guest, received, ended, send };
}
