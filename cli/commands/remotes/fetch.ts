import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Command } from "commander";
import { findOutput } from "../../../core/builder/output-archive.ts";
import { fetchImage } from "../../../core/remotes/transfer/fetch-image.ts";
import { warnOfStranger } from "../../../core/storage/known-images.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { parseAddress } from "../../../shared/remotes/address.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";
import { showTransfer } from "../../support/transfer-progress.ts";
import { describeSignature } from "./describe-signature.ts";
import { addressHelp, allowedSigners } from "./remote-options.ts";

/** `tinsmith fetch`. */
export function fetchCommand(): Command {
  return new Command("fetch")
    .description("Fetch an image, with its manifest and signature. An interrupted fetch resumes.")
    .argument("<FROM>", "the address of the image")
    .argument("<OUT>", "archive to write: NAME.tar.lz4 or NAME.tar.zst, or a folder for it")
    .addOption(allowedSigners())
    .action((from: string, out: string, options: { allowedSigners?: string }) =>
      runToExit(async (signal) => {
        const [paths, address] = [findPaths(), parseAddress(from)];
        using progress = showTransfer(from);
        const fetched = await fetchImage(address, (name) => targetOf(out, name), {
          ...{ paths, signal, onNote: (text: string) => printNote(text) },
          allowedSigners: options.allowedSigners && resolve(options.allowedSigners),
          onProgress: (bytes, total) => progress.update({ bytes, total }),
        });
        progress[Symbol.dispose]();
        const { path, size, sha256, pinned, signer, wasThere } = fetched;
        const what = wasThere ? "is there already, so nothing was fetched" : formatBytes(size);
        print(`${path}: ${what}, sha256 ${sha256}\n`);
        if (pinned) print(`${pinned}\n`);
        if (signer) print(`${describeSignature(signer)}\n`);
        const warning = signer?.kind === "allowed" ? undefined : warnOfStranger(paths, path, sha256);
        if (warning) printNote(warning);
      }),
    )
    .addHelpText(
      "after",
      `
${addressHelp}

Examples:
  $ tinsmith fetch oci://registry.example.org/ci/worker:nightly worker.tar.lz4
  $ tinsmith fetch https://example.org/worker.tar.lz4#sha256=0ae3c1f3... images/`,
    );
}

/** @throws AppError `usage`; as `findOutput` */
function targetOf(out: string, name: string | undefined): string {
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return findOutput(out);
  if (name !== undefined) return findOutput(join(out, basename(name)));
  throw new AppError({
    code: "usage",
    message: `${out} is a folder, and the remote has no file name for the image`,
    advice: "Give the path of the new archive: NAME.tar.lz4 or NAME.tar.zst.",
  });
}
