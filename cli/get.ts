import { renameSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { Command } from "commander";
import type { AttachedSession } from "../core/session/attach.ts";
import { formatBytes } from "../shared/format.ts";
import { runAttached } from "./attached.ts";
import { findTarget } from "./get-target.ts";
import { options } from "./options.ts";
import { showTransfer } from "./transfer-progress.ts";

interface Options {
  readonly session?: string;
  readonly force?: boolean;
}

/** `tinsmith get`. */
export function getCommand(): Command {
  return new Command("get")
    .description("Copy a file out of the guest.")
    .argument("<PATH>", "a file in the guest")
    .argument("[FILE]", "where to put it: a new file, or a folder; without it, here under its own name")
    .addOption(options.session())
    .option("--force", "replace an existing file, once the new one is whole")
    .action((path: string, file: string | undefined, given: Options) =>
      runAttached(given, async (session, signal) => {
        const target = findTarget(path, file, given.force ?? false);
        const bytes = given.force
          ? await replaceFile(target, (newFile) => copyOut(session, path, newFile, signal))
          : await copyOut(session, path, target, signal);
        process.stdout.write(`${target}: ${formatBytes(bytes)}\n`);
        return undefined;
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith get /var/log/messages messages.txt");
}

/** Lets a new file be made beside the target, and then takes the target's place with it. */
async function replaceFile(target: string, make: (newFile: string) => Promise<number>): Promise<number> {
  const newFile = join(dirname(target), `.${basename(target)}.${process.pid}`);
  const bytes = await make(newFile);
  renameSync(newFile, target);
  return bytes;
}

/** @returns how many bytes the file has. */
async function copyOut(
  { api }: AttachedSession,
  path: string,
  target: string,
  signal: AbortSignal,
): Promise<number> {
  using progress = showTransfer(posix.basename(path));
  const transfer = await api.guest.getArtifact({ path, target }, { signal });
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return value.bytes;
    progress.update(value);
  }
}
