import { resolve } from "node:path";
import { Command } from "commander";
import { publishImage } from "../../../core/remotes/transfer/publish-image.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { parseAddress } from "../../../shared/remotes/address.ts";
import { formatBytes } from "../../../shared/text/format.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { runToExit } from "../../support/context.ts";
import { print, printNote } from "../../support/print.ts";
import { showTransfer } from "../../support/transfer-progress.ts";
import { addressHelp } from "./remote-options.ts";

/** `tinsmith publish`. */
export function publishCommand(): Command {
  return new Command("publish")
    .description("Publish an image, with its manifest and signature. An interrupted upload resumes.")
    .argument("<IMAGE>", "image archive; it stays as it is")
    .argument("<TO>", "the address that the image gets")
    .option(
      "--sign <KEY>",
      "sign the manifest with this SSH key; by default, with the one that TINSMITH_SIGNING_KEY names",
    )
    .action((image: string, to: string, { sign = process.env.TINSMITH_SIGNING_KEY }: { sign?: string }) =>
      runToExit(async (signal) => {
        using progress = showTransfer(to);
        const published = await publishImage(resolve(image), parseAddress(to), {
          ...{ paths: findPaths(), signal, onNote: (text: string) => printNote(text) },
          signingKey: sign && resolve(sign),
          onProgress: (_name, bytes, total) => progress.update({ bytes, total }),
        });
        progress[Symbol.dispose]();
        const { pinned, wasThere, files } = published;
        for (const { name, size, sent } of files)
          print(`${name}: ${sent ? `sent, ${formatBytes(size)}` : "is there already"}\n`);
        if (wasThere) printNote(`${to} was this image already.`);
        print(`${pinned}\n`);
        const [archive] = files;
        print(`Fetch it: tinsmith fetch ${quoteForShell(pinned)} ${quoteForShell(archive?.name ?? "")}\n`);
      }),
    )
    .addHelpText(
      "after",
      `
${addressHelp}

Examples:
  $ tinsmith publish images/microcore/microcore-worker.tar.lz4 oci://registry.example.org/ci/worker:nightly
  $ tinsmith publish worker.tar.lz4 file:/srv/images/worker.tar.lz4 --sign ~/.ssh/id_ed25519`,
    );
}
