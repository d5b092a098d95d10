import { posix } from "node:path";
import { Command } from "commander";
import type { AttachedSession } from "../../../core/session/client/attach.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { showTransfer } from "../../support/transfer-progress.ts";
import { runWithGuest } from "./attached.ts";
import { findTarget } from "./get-target.ts";

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
      runWithGuest(given, async (session, signal) => {
        const { force: mayReplace = false } = given;
        const target = findTarget(path, file, mayReplace);
        const bytes = await copyOut(session, { path, target, mayReplace }, signal);
        print(`${target}: ${formatBytes(bytes)}\n`);
        return undefined;
      }),
    )
    .addHelpText("after", "\nExample:\n  $ tinsmith get /var/log/messages messages.txt");
}

interface Copy {
  readonly path: string;
  readonly target: string;
  readonly mayReplace: boolean;
}

/** @returns the size of the file in bytes. */
async function copyOut({ api }: AttachedSession, copy: Copy, signal: AbortSignal): Promise<number> {
  using progress = showTransfer(posix.basename(copy.path));
  const transfer = await api.guest.getArtifact(copy, { signal });
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return value.bytes;
    progress.update(value);
  }
}
