import { basename, resolve } from "node:path";
import { Command } from "commander";
import type { AttachedSession } from "../../../core/session/client/attach.ts";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { options } from "../../support/options.ts";
import { print } from "../../support/print.ts";
import { showTransfer } from "../../support/transfer-progress.ts";
import { runWithGuest } from "./attached.ts";

/** `tinsmith put`. */
export function putCommand(): Command {
  return new Command("put")
    .description("Copy a file or folder into the guest, in place of one that is there.")
    .argument("<FILE>", "a file or folder on this host")
    .argument("<PATH>", "an absolute path in the guest; a folder there gets it under its own name")
    .addOption(options.session())
    .action((file: string, path: string, given: { session?: string }) =>
      runWithGuest(given, async (session, signal) => {
        const put = await copyIn(session, { source: resolve(file), path }, signal);
        print(`${escapeName(put.path)}: ${formatBytes(put.bytes)}\n`);
        return undefined;
      }),
    )
    .addHelpText(
      "after",
      `
The guest has the whole file afterwards, with its mode, or still has the old one. A folder that is there keeps its
other files.

Example:
  $ tinsmith put guest-tools /opt/`,
    );
}

interface Copy {
  readonly source: string;
  readonly path: string;
}

async function copyIn({ api }: AttachedSession, copy: Copy, signal: AbortSignal) {
  using progress = showTransfer(basename(copy.source));
  const transfer = await api.guest.putFile(copy, { signal });
  for (;;) {
    const { done, value } = await transfer.next();
    if (done) return value;
    progress.update(value);
  }
}
