import type { GuestActions, ShellRequest } from "../../core/metaservice/actions/guest-actions.ts";
import { createShellClient, type ShellClient } from "../../shared/guest/shell-client.ts";

/** A shell in the guest, and what it has printed. */
export interface OpenShell extends ShellClient {
  stdout(): string;
  stderr(): string;
}

/** Opens a shell whose output is consumed as it comes; without `consume`, it is for the caller to take. */
export async function openShell(
  actions: GuestActions,
  request: Partial<ShellRequest>,
  consume?: Parameters<typeof createShellClient>[0]["onOutput"],
): Promise<OpenShell> {
  const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const read = (stream: keyof typeof printed) => Buffer.concat(printed[stream]).toString();
  let send = (_message: Uint8Array) => {};
  const client = createShellClient({
    send: (message) => send(message),
    onOutput: (stream, bytes, consumed) => {
      if (consume) return consume(stream, bytes, consumed);
      printed[stream].push(bytes);
      consumed();
    },
  });
  const shell = await actions.openShell({ command: [], tty: false, ...request }, { receive: client.receive });
  send = shell.send;
  shell.ended.catch(client.disconnected);
  return { ...client, stdout: () => read("stdout"), stderr: () => read("stderr") };
}
