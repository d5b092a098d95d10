import { createShellClient } from "../../shared/guest/shell-client.ts";
import type { GuestActions, ShellRequest } from "../metaservice/actions/guest-actions.ts";

/** Bytes of each output that are kept: nobody expects more in a scenario. */
const keptBytes = 16 * 1024 ** 2;

export interface RunInShellOptions {
  readonly signal: AbortSignal;
  /** Output is not consumed for so long, so that a guest that sends more than it may is found. Milliseconds. */
  readonly unconsumedTime?: number | undefined;
}

/** Runs a command in a shell of the guest, with an input. On a terminal the input does not end, which would kill the command. */
export async function runInShell(
  guest: GuestActions,
  { stdin, ...request }: ShellRequest & { readonly stdin: string },
  { signal, unconsumedTime = 0 }: RunInShellOptions,
): Promise<{ content: Buffer; stderr: string; result: "success" | "failed" }> {
  const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const kept = { stdout: 0, stderr: 0 };
  const unconsumed: (() => void)[] = [];
  let consumesAtOnce = unconsumedTime === 0;
  const consumeAll = () => {
    consumesAtOnce = true;
    for (const consumed of unconsumed) consumed();
  };
  let send = (_message: Uint8Array) => {};
  const client = createShellClient({
    send: (message) => send(message),
    onOutput: (stream, bytes, consumed) => {
      if (kept[stream] < keptBytes) printed[stream].push(Buffer.from(bytes));
      kept[stream] += bytes.length;
      if (consumesAtOnce) return consumed();
      if (unconsumed.length === 0) setTimeout(consumeAll, unconsumedTime);
      unconsumed.push(consumed);
    },
  });
  const shell = await guest.openShell(request, { receive: client.receive, signal });
  send = shell.send;
  shell.ended.catch(client.disconnected);
  await client.write(Buffer.from(stdin));
  if (!request.tty) await client.end();
  const { success } = await client.ended;
  return {
    content: Buffer.concat(printed.stdout),
    stderr: Buffer.concat(printed.stderr).toString(),
    result: success ? "success" : "failed",
  };
}
