import {
  createShellClient,
  type ShellClient,
  type ShellClientOptions,
} from "../../shared/guest/shell-client.ts";
import { encodeShellMessage } from "../../shared/guest/shell-codec.ts";
import type { GuestActions, ShellOptions, ShellRequest } from "../metaservice/actions/guest-actions.ts";

/** Starts a command in the guest, and talks to it. @throws AppError as `GuestActions.openShell` does */
export async function openGuestCommand(
  actions: Pick<GuestActions, "openShell">,
  request: ShellRequest,
  {
    signal,
    onOutput,
    purpose,
    isCutAtEnd,
  }: Pick<ShellOptions, "signal" | "purpose" | "isCutAtEnd"> & Pick<ShellClientOptions, "onOutput">,
): Promise<ShellClient> {
  let send = (_message: Uint8Array) => {};
  const client = createShellClient({ send: (message) => send(message), onOutput });
  const shell = await actions.openShell(request, { receive: client.receive, signal, purpose, isCutAtEnd });
  send = shell.send;
  // One that was cut off at its end has sent no Exit.
  const onEnd = ({ success }: { readonly success: boolean }) =>
    client.receive(encodeShellMessage({ type: "exit", success }));
  shell.ended.then(onEnd, client.disconnected);
  return client;
}

/** The result of a script in the guest. */
interface ScriptOutcome {
  readonly success: boolean;
  /** Its output with its errors, as it came. */
  readonly printed: string;
}

/** Runs a script of a POSIX shell in the guest. @throws AppError as `GuestActions.openShell` does */
export async function runInGuest(
  actions: Pick<GuestActions, "openShell">,
  script: string,
  { signal, purpose }: Pick<ShellOptions, "signal" | "purpose"> = {},
): Promise<ScriptOutcome> {
  const printed: Uint8Array[] = [];
  const request = { command: ["sh", "-c", script], tty: false };
  const shell = await openGuestCommand(actions, request, {
    signal,
    purpose,
    onOutput: (_stream, bytes, consumed) => {
      printed.push(bytes);
      consumed();
    },
  });
  const { success } = await shell.ended;
  return { success, printed: Buffer.concat(printed).toString() };
}
