import { AppError } from "../../errors/errors.ts";
import { escapeName } from "../../text/escape-name.ts";
import type { ShellClient, ShellClientOptions } from "../shell-client.ts";
import { cutOff, explainPutFailure } from "./put-failure.ts";
import { putCommand } from "./put-script.ts";
import { type PutSource, sizeOf } from "./put-source.ts";
import { fitsTarHeader, tarStream } from "./tar-stream.ts";

// Node and browsers both have these, and this folder's project knows neither.
declare const TextDecoder: new () => {
  decode(bytes: Uint8Array, options: { readonly stream: boolean }): string;
};
declare const crypto: { randomUUID(): string };

/** How much of a source the guest has taken, in bytes of its files. */
export interface PutProgress {
  readonly bytes: number;
  readonly total: number;
}

interface PutOptions {
  /** Starts a command in the guest; the signal that it was made with kills it. */
  readonly openShell: (
    request: { readonly command: readonly string[]; readonly tty: boolean },
    onOutput: ShellClientOptions["onOutput"],
  ) => Promise<ShellClient>;
  readonly onProgress?: ((progress: PutProgress) => void) | undefined;
}

/** The most that is kept of what the guest says. */
const saidCharacters = 10_000;

/**
 * Puts a file or folder into the guest, through the input of a shell: byte for byte, with its mode. The guest has all of
 * it, or what it had before.
 *
 * @param path absolute, in the guest: a folder that exists gets the source under its own name
 * @returns the path in the guest.
 * @throws AppError `usage`, `path-too-long`; `guest-file-missing` without the folder; `guest-action-failed` for what the guest lacks; as
 *   `openShell` does
 */
export async function putIntoGuest(
  source: PutSource,
  path: string,
  { openShell, onProgress }: PutOptions,
): Promise<{ readonly path: string; readonly bytes: number }> {
  requireAbsolute(path);
  requireShortPaths(source);
  const printed = { stdout: "", stderr: "" };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const command = putCommand(source, path, crypto.randomUUID().slice(0, 8));
  const shell = await openShell({ command, tty: false }, (stream, bytes, consumed) => {
    const said = printed[stream] + decoders[stream].decode(bytes, { stream: true });
    printed[stream] = said.slice(-saidCharacters);
    consumed();
  });
  const total = sizeOf(source);
  let hasEnded = false;
  const ended = shell.ended.finally(() => {
    hasEnded = true;
  });
  ended.catch(() => {});
  let sent = 0;
  try {
    for await (const bytes of bytesOf(source)) {
      await shell.write(bytes);
      if (hasEnded) break;
      sent += bytes.length;
      onProgress?.({ bytes: Math.min(sent, total), total });
    }
  } catch (error) {
    // Without the end of its input, the guest keeps nothing.
    shell.abort();
    throw error;
  }
  await shell.end();
  const { success } = await ended.catch((thrown) => Promise.reject(cutOff(thrown, source.name)));
  if (!success) throw explainPutFailure(`${printed.stdout}${printed.stderr}`, path);
  return { path: printed.stdout, bytes: total };
}

async function* bytesOf(source: PutSource): AsyncGenerator<Uint8Array, void, void> {
  if (source.kind === "folder") return yield* tarStream(source.entries);
  for (const { read } of source.entries) yield* read();
}

function requireAbsolute(path: string): void {
  if (path.startsWith("/") && !/(^|\/)\.{1,2}(\/|$)/.test(path) && !path.includes("\0")) return;
  throw new AppError({
    code: "usage",
    message: `${escapeName(path)} is not an absolute path`,
    advice: "Give a path in the guest from its root, without . and .., such as /tmp/.",
    field: "path",
  });
}

function requireShortPaths({ entries }: PutSource): void {
  const long = entries.find((entry) => !fitsTarHeader(entry));
  if (!long) return;
  throw new AppError({
    code: "path-too-long",
    message: `the path ...${escapeName(long.path.slice(-60))} is too long to be put into a guest with its folder`,
    advice: "Put it, or a folder below, by itself, or insert a data CD: tinsmith cd insert.",
  });
}
